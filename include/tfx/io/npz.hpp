// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/gzip.hpp>
#include <tfx/io/file.hpp>
#include <tfx/io/npy.hpp>

TFX_BEGIN
namespace io {

// .npz: a zip file with a member `name.npy` for each array, stored as it is or packed by deflate.

namespace detail {
inline constexpr u64 zip_local = 0x04034b50, zip_member = 0x02014b50, zip_end = 0x06054b50, most_zip = 0xFFFFFFFF;

template <class = void>
std::uint32_t zip_crc(void const* data, std::size_t size, std::uint32_t before = 0) {
  return data::crc32({static_cast<std::uint8_t const*>(data), size}, before);
}
/// What the header before a member and the entry in the directory have in common. The time is the first there is.
template <class Text>
void put_zip_entry(Text& to, u64 crc, u64 size, std::size_t name) {
  put_fixed(to, 20, 2);  // readers of version 2.0
  put_fixed(to, 0, 4);   // no flags, stored
  put_fixed(to, 0x00210000, 4);
  put_fixed(to, crc, 4);
  put_fixed(to, size, 4);
  put_fixed(to, size, 4);
  put_fixed(to, name, 2);
  put_fixed(to, 0, 2);
}
}  // namespace detail

/// Writes tensors as NumPy's `savez` does; UnimplementedError for strings, and beyond 4 GiB.
template <class Text>
void write_npz(Text const& path, tensor_source const* tensors, int count) {
  using namespace detail;
  u64 total = 0;
  for (int i = 0; i < count; ++i) {
    tensor_source const& t = tensors[i];
    if (t.type == dtype::string)
      raise<errors::UnimplementedError>("%s: '%.*s' is of dtype string, which .npz files cannot hold", path.c_str(),
                                        static_cast<int>(t.name.size()), t.name.data());
    total += static_cast<u64>(t.shape.count()) * static_cast<u64>(bytes_of(t.type)) + 2 * t.name.size() + 256;
    if (total > most_zip || t.name.size() > 60000 || count > 65000)
      raise<errors::UnimplementedError>("%s: a .npz file of more than 4 GiB or 65000 arrays is not written",
                                        path.c_str());
  }
  basic_output_file<Text> out(path);
  Text directory;
  u64 offset = 0;
  for (int i = 0; i < count; ++i) {
    tensor_source const& t = tensors[i];
    auto const bytes = static_cast<std::size_t>(t.shape.count()) * static_cast<std::size_t>(bytes_of(t.type));
    Text const name = Text(t.name) + ".npy", header = npy_header<Text>(npy_code(t.type), t.shape);
    std::uint32_t const crc = zip_crc(t.data, bytes, zip_crc(header.data(), header.size()));
    Text local;
    put_fixed(local, zip_local, 4);
    put_zip_entry(local, crc, header.size() + bytes, name.size());
    local += name;
    local += header;
    out.write(local.data(), local.size());
    out.write(t.data, bytes);
    put_fixed(directory, zip_member, 4);
    put_fixed(directory, 20, 2);
    put_zip_entry(directory, crc, header.size() + bytes, name.size());
    put_fixed(directory, 0, 6);           // no comment, the first disk, no text
    put_fixed(directory, 0x01800000, 4);  // rw------- of Unix
    put_fixed(directory, offset, 4);
    directory += name;
    offset += local.size() + bytes;
  }
  std::size_t const size = directory.size();
  put_fixed(directory, zip_end, 4);
  put_fixed(directory, 0, 4);
  put_fixed(directory, static_cast<u64>(count), 2);
  put_fixed(directory, static_cast<u64>(count), 2);
  put_fixed(directory, size, 4);
  put_fixed(directory, offset, 4);
  put_fixed(directory, 0, 2);
  out.write(directory.data(), directory.size());
  out.commit();
}

/// A .npz file, of up to 4 GiB.
template <class Text>
class npz_reader : public basic_tensor_reader<Text> {
 public:
  using stored = basic_stored_tensor<Text>;

  explicit npz_reader(Text path) : basic_tensor_reader<Text>(std::move(path)), file_(path_) {
    // The end of the directory stands before a comment of up to 65535 bytes.
    std::size_t const tail = static_cast<std::size_t>(file_.size() < 65557 ? file_.size() : 65557);
    Text bytes(tail, '\0');
    file_.read(file_.size() - tail, bytes.data(), tail);
    std::size_t const end = bytes.rfind("PK\5\6");
    if (end == Text::npos || tail - end < 22) refuse("is no zip file, or is cut short");
    cursor last(std::string_view(bytes).substr(end + 10), path_.c_str());
    u64 const count = last.fixed(2), size = last.fixed(4), offset = last.fixed(4);
    if (count == 0xFFFF || offset == detail::most_zip)
      raise<errors::UnimplementedError>("%s: a zip file of more than 4 GiB or 65534 members is not read",
                                        path_.c_str());
    if (offset > file_.size() || size > file_.size() - offset) refuse("the directory lies beyond the end");
    Text directory(static_cast<std::size_t>(size), '\0');
    file_.read(offset, directory.data(), directory.size());
    cursor in(directory, path_.c_str());
    for (u64 i = 0; i < count; ++i) add(in);
    if (!in.done()) refuse("the directory is longer than its members");
    this->sort();
  }

  void read(stored const& t, void* to) override {
    member const& m = members_[t.place];
    if (t.type == dtype::none) refuse("is of a dtype or a rank that cannot be read", t.name.c_str());
    i64 count = 0;
    std::size_t const item = static_cast<std::size_t>(bytes_of(t.type));
    detail::count_elements(t.shape, count);
    auto const bytes = static_cast<std::size_t>(count) * item;
    Text const all = content(m, t.name.c_str());
    char const* const elements = all.data() + (all.size() - bytes);
    if (m.by_columns) {
      detail::turn_columns(elements, t.shape, item, static_cast<char*>(to));
    } else if (bytes > 0) {
      std::memcpy(to, elements, bytes);
    }
    detail::settle_bools(t.type, to, static_cast<u64>(count));
  }

 private:
  using basic_tensor_reader<Text>::path_;
  using basic_tensor_reader<Text>::tensors_;

  struct member {
    u64 data, packed, size;
    std::uint32_t crc;
    bool is_packed, by_columns;
  };
  basic_input_file<Text> file_;
  vector<member> members_;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(char const* what, char const* tensor = nullptr) const {
    if (tensor) raise<errors::DataLossError>("%s: tensor '%s' %s", path_.c_str(), tensor, what);
    raise<errors::DataLossError>("%s: %s", path_.c_str(), what);
  }
  // One entry of the directory.
  void add(cursor& in) {
    if (in.fixed(4) != detail::zip_member) refuse("the directory holds what is no member");
    in.fixed(4);
    u64 const flags = in.fixed(2), method = in.fixed(2);
    in.fixed(4);
    member m{};
    m.crc = static_cast<std::uint32_t>(in.fixed(4));
    m.packed = in.fixed(4);
    m.size = in.fixed(4);
    u64 const name_size = in.fixed(2), extra = in.fixed(2), comment = in.fixed(2);
    in.fixed(8);
    u64 const offset = in.fixed(4);
    stored t;
    t.name = in.take(name_size);
    in.take(extra);
    in.take(comment);
    if ((flags & 1) != 0 || (method != 0 && method != 8)) refuse("is packed by an unknown method", t.name.c_str());
    if (m.size == detail::most_zip || m.packed == detail::most_zip || offset == detail::most_zip)
      raise<errors::UnimplementedError>("%s: a zip file of more than 4 GiB is not read", path_.c_str());
    m.is_packed = method == 8;
    // A member has its name in both places.
    Text head(30 + t.name.size(), '\0');
    file_.read(offset, head.data(), head.size());
    cursor local(head, path_.c_str());
    bool fits = local.fixed(4) == detail::zip_local;
    local.take(22);
    fits = local.fixed(2) == t.name.size() && fits;
    m.data = offset + head.size() + local.fixed(2);
    if (!fits || local.take(t.name.size()) != t.name) refuse("does not begin where the directory says", t.name.c_str());
    if (m.data > file_.size() || m.packed > file_.size() - m.data) refuse("lies beyond the end", t.name.c_str());
    // Deflate packs to a 1032th at best.
    if (m.is_packed ? m.size / 1032 > m.packed : m.size != m.packed) refuse("has a wrong size", t.name.c_str());
    if (t.name.size() < 4 || t.name.substr(t.name.size() - 4) != ".npy") return;
    t.name.resize(t.name.size() - 4);
    read_header(m, t);
    t.place = members_.size();
    members_.push_back(m);
    tensors_.push_back(t);
  }
  void read_header(member& m, stored_tensor& t) const {
    // Not before its checksum is right is a header believed.
    Text const start = content(m, t.name.c_str());
    detail::npy_layout const layout = detail::read_npy_header(start, path_.c_str());
    i64 count = 0;
    if (layout.type != dtype::none &&
        (!detail::count_elements(layout.shape, count) ||
         m.size - layout.size != static_cast<u64>(count) * static_cast<u64>(bytes_of(layout.type))))
      refuse("has another size than its shape needs", t.name.c_str());
    t.type = layout.type;
    t.shape = layout.shape;
    m.by_columns = layout.by_columns;
  }
  // All bytes of a member, unpacked and checked.
  Text content(member const& m, char const* tensor) const {
    Text bytes(static_cast<std::size_t>(m.packed), '\0');
    file_.read(m.data, bytes.data(), bytes.size());
    if (m.is_packed) {
      auto const out = data::inflate({reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()}, path_,
                                     static_cast<std::size_t>(m.size));
      bytes.assign(reinterpret_cast<char const*>(out.data()), out.size());
    }
    if (bytes.size() != m.size) refuse("has a wrong size", tensor);
    if (detail::zip_crc(bytes.data(), bytes.size()) != m.crc) refuse("does not match its checksum", tensor);
    return bytes;
  }
};

}  // namespace io
TFX_END
