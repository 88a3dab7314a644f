// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/file.hpp>
#include <tfx/io/json.hpp>
#include <tfx/io/tensors.hpp>

TFX_BEGIN
namespace io {

// safetensors: the size of a header, the header, which is JSON and tells dtype, shape and place of each tensor, and the
// elements without a gap. It holds no checksum: a changed element is read as it is.

namespace detail {
/// The word for a dtype, or null: strings and complex128 have none.
inline char const* safetensors_word(dtype type) {
  switch (type) {
    case dtype::boolean:
      return "BOOL";
    case dtype::uint8:
      return "U8";
    case dtype::int8:
      return "I8";
    case dtype::uint16:
      return "U16";
    case dtype::int16:
      return "I16";
    case dtype::uint32:
      return "U32";
    case dtype::int32:
      return "I32";
    case dtype::uint64:
      return "U64";
    case dtype::int64:
      return "I64";
    case dtype::float32:
      return "F32";
    case dtype::float64:
      return "F64";
    case dtype::complex64:
      return "C64";
    default:
      return nullptr;
  }
}
/// Bytes that an element of other dtypes takes, times 8; 0 where nobody knows.
template <class = void>
u64 foreign_bits(std::string_view word) {
  if (word == "F4") return 4;
  if (word.substr(0, 3) == "F6_") return 6;
  if (word.substr(0, 3) == "F8_") return 8;
  return word == "F16" || word == "BF16" ? 16 : 0;
}
inline constexpr u64 most_header = 100000000;
}  // namespace detail

/// Writes tensors that are sorted by name; UnimplementedError for a dtype that the format lacks.
template <class Text>
void write_safetensors(Text const& path, tensor_source const* tensors, int count) {
  Text header = "{";
  u64 offset = 0;
  // The larger the elements, the earlier they stand: each is aligned then.
  for (int bytes : {8, 4, 2, 1, 0})
    for (int i = 0; i < count; ++i) {
      tensor_source const& t = tensors[i];
      char const* const word = detail::safetensors_word(t.type);
      if (!word)
        raise<errors::UnimplementedError>("%s: '%.*s' is of dtype %s, which .safetensors files cannot hold",
                                          path.c_str(), static_cast<int>(t.name.size()), t.name.data(),
                                          to_string(t.type).data());
      if (bytes_of(t.type) != bytes) continue;
      u64 const size = static_cast<u64>(t.shape.count()) * static_cast<u64>(bytes);
      if (header.size() > 1) header += ',';
      header += detail::json_text<Text>(t.name) + ":{\"dtype\":\"" + word + "\",\"shape\":[";
      for (int k = 0; k < t.shape.rank; ++k) header += (k > 0 ? "," : "") + std::to_string(t.shape[k]);
      header += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(offset + size) + "]}";
      offset += size;
    }
  header += '}';
  header.resize((header.size() + 7) / 8 * 8, ' ');
  if (header.size() > detail::most_header)
    raise<errors::InvalidArgumentError>("%s: the names take more than a .safetensors file can hold", path.c_str());
  Text size;
  put_fixed(size, header.size(), 8);
  basic_output_file<Text> out(path);
  out.write(size.data(), 8);
  out.write(header.data(), header.size());
  for (int bytes : {8, 4, 2, 1})
    for (int i = 0; i < count; ++i)
      if (bytes_of(tensors[i].type) == bytes)
        out.write(tensors[i].data,
                  static_cast<std::size_t>(tensors[i].shape.count()) * static_cast<std::size_t>(bytes));
  out.commit();
}

/// A .safetensors file.
template <class Text>
class safetensors_reader : public basic_tensor_reader<Text> {
 public:
  using stored = basic_stored_tensor<Text>;

  explicit safetensors_reader(Text path) : basic_tensor_reader<Text>(std::move(path)), file_(path_) {
    if (file_.size() < 8) refuse("is too short for a .safetensors file");
    char size[8];
    file_.read(0, size, 8);
    u64 const length = cursor({size, 8}, path_.c_str()).fixed(8);
    if (length > detail::most_header || length > file_.size() - 8) refuse("the header is longer than the file");
    Text header(static_cast<std::size_t>(length), '\0');
    file_.read(8, header.data(), header.size());
    data_ = 8 + length;
    if (header.empty() || header[0] != '{') refuse("the header is no JSON object");
    detail::json_scanner<Text> in(header, path_.c_str());
    in.each_member([&](Text const& name) { add(in, name); });
    in.end();
    check_places();
    this->sort();
  }

  void read(stored const& t, void* to) override {
    place const& at = places_[t.place];
    if (t.type == dtype::none) refuse("is of a dtype that cannot be read", t.name.c_str());
    file_.read(data_ + at.begin, to, static_cast<std::size_t>(at.end - at.begin));
    detail::settle_bools(t.type, to, at.end - at.begin);
  }

 private:
  using basic_tensor_reader<Text>::path_;
  using basic_tensor_reader<Text>::tensors_;

  struct place {
    u64 begin = 0, end = 0;
  };
  basic_input_file<Text> file_;
  u64 data_ = 0;
  vector<place> places_;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(char const* what, char const* tensor = nullptr) const {
    if (tensor) raise<errors::DataLossError>("%s: tensor '%s' %s", path_.c_str(), tensor, what);
    raise<errors::DataLossError>("%s: %s", path_.c_str(), what);
  }
  void add(detail::json_scanner<Text>& in, Text const& name) {
    if (name == "__metadata__") return in.skip();
    stored t;
    place at;
    t.name = name;
    t.place = places_.size();
    Text word;
    bool fits = true, has_offsets = false;
    in.each_member([&](Text const& member) {
      if (member == "dtype") {
        word = in.text();
      } else if (member == "shape") {
        in.each_item([&] {
          u64 const extent = in.number();
          if (t.shape.rank == max_rank || extent > u64{1} << 62) {
            fits = false;
          } else {
            t.shape.push_back(static_cast<i64>(extent));
          }
        });
      } else if (member == "data_offsets") {
        int i = 0;
        in.each_item([&] { (i++ == 0 ? at.begin : at.end) = in.number(); });
        has_offsets = i == 2;
      } else {
        in.skip();
      }
    });
    if (word.empty() || !has_offsets || at.begin > at.end) refuse("lacks a dtype or a place", name.c_str());
    u64 bits = detail::foreign_bits(word);
    for (int type = 1; type < 64; ++type)
      if (char const* const own = detail::safetensors_word(static_cast<dtype>(type)); own && word == own) {
        t.type = static_cast<dtype>(type);
        bits = 8 * static_cast<u64>(bytes_of(t.type));
      }
    i64 count = 0;
    bool const counted = detail::count_elements(t.shape, count);
    if (fits && (!counted || (bits > 0 && (static_cast<u64>(count) * bits + 7) / 8 != at.end - at.begin)))
      refuse("has another size than its shape needs", name.c_str());
    if (!fits) t.type = dtype::none;
    places_.push_back(at);
    tensors_.push_back(t);
  }
  static int compare(void const* a, void const* b) {
    place const &x = *static_cast<place const*>(a), &y = *static_cast<place const*>(b);
    return x.begin != y.begin ? (x.begin < y.begin ? -1 : 1) : x.end != y.end ? (x.end < y.end ? -1 : 1) : 0;
  }
  // The elements follow each other, up to the end of the file.
  void check_places() const {
    vector<place> sorted = places_;
    if (!sorted.empty()) std::qsort(sorted.begin(), static_cast<std::size_t>(sorted.size()), sizeof(place), compare);
    u64 end = 0;
    for (place const& p : sorted) {
      if (p.begin != end) refuse("the tensors overlap, or leave a gap");
      end = p.end;
    }
    if (end != file_.size() - data_) refuse("the tensors do not end where the file does");
  }
};

}  // namespace io
TFX_END
