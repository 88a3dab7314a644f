// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/bundle_entry.hpp>
#include <tfx/io/file.hpp>

TFX_BEGIN
namespace io {

// TensorFlow's checkpoints (TensorBundle, version 2): `P.index`, a table of what there is, and `P.data-00000-of-00001`,
// the elements.

namespace detail {
template <class Text>
Text index_name(Text const& prefix) {
  return prefix + ".index";
}
template <class Text>
Text data_name(Text const& prefix, u64 shard, u64 shards) {
  char ending[64];
  std::snprintf(ending, sizeof ending, ".data-%05llu-of-%05llu", static_cast<unsigned long long>(shard),
                static_cast<unsigned long long>(shards));
  return prefix + ending;
}

/// Writes the elements of a tensor and notes in `entry` where they are.
template <class Text>
void write_elements(basic_output_file<Text>& out, tensor_source const& t, basic_bundle_entry<Text>& entry) {
  i64 count = 0;
  count_elements(t.shape, count);
  if (t.type != dtype::string) {
    auto const bytes = static_cast<std::size_t>(count * bytes_of(t.type));
    out.write(t.data, bytes);
    entry.size = bytes;
    entry.crc = crc32c(t.data, bytes);
    return;
  }
  auto const* const texts = static_cast<Text const*>(t.data);
  Text head;
  std::uint32_t crc = 0;
  for (i64 i = 0; i < count; ++i) {
    put_varint(head, texts[i].size());
    crc = crc_of_length<Text>(texts[i].size(), crc);
  }
  Text sum;
  put_fixed(sum, mask_crc(crc), 4);
  crc = crc32c(sum.data(), 4, crc);
  head += sum;
  out.write(head.data(), head.size());
  entry.size = head.size();
  for (i64 i = 0; i < count; ++i) {
    out.write(texts[i].data(), texts[i].size());
    entry.size += texts[i].size();
    crc = crc32c(texts[i].data(), texts[i].size(), crc);
  }
  entry.crc = crc;
}
template <class Text>
Text bundle_index(tensor_source const* tensors, vector<basic_bundle_entry<Text>> const& entries, u64 shards) {
  basic_table_writer<Text> table;
  table.add("", bundle_header<Text>(shards));
  for (int i = 0; i < entries.size(); ++i)
    table.add(tensors[i].name, entries[i].bytes(tensors[i].type, tensors[i].shape));
  return table.finish();
}
/// Over how many files an index that is there spreads its data, or 0: its first entry says so.
template <class Text>
u64 shards_of_index(Text const& prefix) {
  Text const name = index_name(prefix);
  detail::system_file const in(detail::system_file::open(name.c_str()));
  unsigned char head[5] = {};
  bool const known = in.is_open() && in.read(head, 5) == 5 && head[0] == 0 && head[1] == 0 && head[3] == 8;
  return known && head[4] < 0x80 ? head[4] : 0;
}
/// Removes the data of a checkpoint, but for the files of `kept` shards.
template <class Text>
void remove_data(Text const& prefix, u64 kept) {
  Text const folder = folder_of(prefix), stem = prefix.substr(prefix.rfind('/') + 1) + ".data-";
  for (Text const& file : names_in<Text>(folder.c_str())) {
    std::string_view const name = file;
    // stem, "00000-of-00001"
    if (name.size() != stem.size() + 14 || name.substr(0, stem.size()) != stem) continue;
    std::string_view const ending = name.substr(stem.size());
    bool is_data = ending.substr(5, 4) == "-of-";
    for (std::size_t i = 0; i < 14; ++i)
      if ((i < 5 || i > 8) && (ending[i] < '0' || ending[i] > '9')) is_data = false;
    if (is_data && static_cast<u64>(std::atoi(ending.data() + 9)) != kept)
      remove_file((prefix + ".data-" + Text(ending)).c_str());
  }
}
}  // namespace detail

template <class Text>
bool is_bundle(Text const& prefix) {
  return exists(detail::index_name(prefix));
}
/// The index goes first: without it, there is no checkpoint.
template <class Text>
void remove_bundle(Text const& prefix) {
  detail::remove_file(detail::index_name(prefix).c_str());
  detail::remove_data(prefix, 0);
}

/// Writes a checkpoint of tensors that are sorted by name. One of that prefix is replaced as a whole: whenever the
/// process ends, the index that is there belongs to data that are there. To that end the data have another name at
/// first, as of two shards of which one is empty, unless those of the old index have.
template <class Text>
void write_bundle(Text const& prefix, tensor_source const* tensors, int count) {
  using namespace detail;
  bool const taken = shards_of_index(prefix) == 1;
  u64 const shards = taken ? 2 : 1;
  basic_output_file<Text> index(index_name(prefix));  // first: of several writers, others wait
  vector<basic_bundle_entry<Text>> entries(count);
  basic_output_file<Text> data(data_name(prefix, 0, shards));
  u64 offset = 0;
  for (int i = 0; i < count; ++i) {
    entries[i].offset = offset;
    write_elements(data, tensors[i], entries[i]);
    offset += entries[i].size;
  }
  data.commit();
  Text const bytes = bundle_index(tensors, entries, shards);
  index.write(bytes.data(), bytes.size());
  index.commit();
  if (taken) {
    if (!link_file(data_name(prefix, 0, 2), data_name(prefix, 0, 1))) return;
    Text const last = bundle_index(tensors, entries, 1);
    write_file(index_name(prefix), last.data(), last.size());
  }
  remove_data(prefix, 1);
}

/// A checkpoint of TensorFlow's, of any number of shards; a variable that was saved in slices is one tensor again.
template <class Text>
class basic_bundle_reader : public basic_tensor_reader<Text> {
 public:
  using stored = basic_stored_tensor<Text>;

  /// NotFoundError if there is no index, DataLossError if it is none.
  explicit basic_bundle_reader(Text prefix)
      : basic_tensor_reader<Text>(std::move(prefix)), index_(detail::index_name(path_)) {
    auto const bytes = read_file(index_);
    bool has_header = false;
    basic_table_reader<Text>({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, index_.c_str())
        .each([&](std::string_view key, std::string_view value) {
          cursor in(value, index_.c_str());
          if (!has_header) {
            if (!key.empty()) in.refuse("has no header");
            shards_ = detail::read_bundle_header(in);
            has_header = true;
          } else {
            stored t;
            t.name = key;
            t.place = entries_.size();
            entries_.push_back(detail::read_bundle_entry(in, t));
            // Keys of slices begin with a zero byte.
            (key[0] == '\0' ? slices_ : tensors_).push_back(std::move(t));
          }
        });
    if (!has_header) cursor({}, index_.c_str()).refuse("has no header");
  }

  void read(stored const& t, void* to) override {
    i64 count = 0;
    if (t.type == dtype::none || !detail::count_elements(t.shape, count)) refuse(t, "cannot be read");
    location const& entry = entries_[t.place];
    if (entry.boxes.size() > 0) return read_slices(t, entry, to);
    if (entry.shard >= shards_) refuse(t, "lies in a file that the header does not tell of");
    basic_input_file<Text> const& data = shard(entry.shard);
    if (entry.offset > data.size() || entry.size > data.size() - entry.offset) lose(data, t, "lies beyond the end");
    if (t.type == dtype::string) return read_texts(data, t, entry, count, static_cast<Text*>(to));
    if (entry.size != static_cast<u64>(count) * static_cast<u64>(bytes_of(t.type)))
      refuse(t, "has another size than its shape needs");
    data.read(entry.offset, to, static_cast<std::size_t>(entry.size));
    if (crc32c(to, static_cast<std::size_t>(entry.size)) != entry.crc) lose(data, t, "does not match its checksum");
    detail::settle_bools(t.type, to, entry.size);
  }

 private:
  using location = detail::basic_bundle_entry<Text>;
  using basic_tensor_reader<Text>::path_;
  using basic_tensor_reader<Text>::tensors_;

  Text index_;
  u64 shards_ = 0;
  vector<location> entries_;
  vector<stored> slices_;
  std::unique_ptr<basic_input_file<Text>> open_;  // the shard that was read last …
  u64 open_shard_ = 0;                            // … and its number

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(stored const& t, char const* what) const {
    raise<errors::DataLossError>("%s: tensor '%s' %s", index_.c_str(), t.name.c_str(), what);
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] static void lose(basic_input_file<Text> const& data, stored const& t,
                                                                char const* what) {
    raise<errors::DataLossError>("%s: tensor '%s' %s", data.path().c_str(), t.name.c_str(), what);
  }
  basic_input_file<Text> const& shard(u64 number) {
    if (!open_ || open_shard_ != number)
      open_.reset(new basic_input_file<Text>(detail::data_name(path_, number, shards_)));
    open_shard_ = number;
    return *open_;
  }
  static void read_texts(basic_input_file<Text> const& data, stored const& t, location const& entry, i64 count,
                         Text* to) {
    // Each text takes a byte at least, for its length.
    if (entry.size < 4 || static_cast<u64>(count) > entry.size - 4) lose(data, t, "is too short");
    Text bytes(static_cast<std::size_t>(entry.size), '\0');
    data.read(entry.offset, bytes.data(), bytes.size());
    cursor in(bytes, data.path().c_str());
    std::uint32_t crc = 0;
    for (i64 i = 0; i < count; ++i) crc = detail::crc_of_length<Text>(in.varint(), crc);
    std::string_view const sum = in.take(4);
    if (cursor(sum, in.file()).fixed(4) != mask_crc(crc)) lose(data, t, "does not match its checksum");
    crc = crc32c(sum.data(), 4, crc);
    if (crc32c(bytes.data() + (bytes.size() - in.left()), in.left(), crc) != entry.crc)
      lose(data, t, "does not match its checksum");
    cursor lengths(bytes, data.path().c_str());
    for (i64 i = 0; i < count; ++i) to[i] = in.take(lengths.varint());
    if (!in.done()) lose(data, t, "has bytes after the end");
  }
  [[gnu::noinline]] void read_slices(stored const& t, location const& entry, void* to) {
    i64 count = 0;
    detail::count_elements(t.shape, count);
    Text filled(static_cast<std::size_t>(count), '\0');
    for (detail::slice_box const& box : entry.boxes) {
      Text const key = detail::slice_key(t.name, box);
      stored const* const part = this->find_in(slices_, key);
      dims shape = t.shape;
      bool fits = part && box.start.rank == shape.rank && part->type == t.type && entries_[part->place].boxes.empty();
      for (int k = 0; fits && k < shape.rank; ++k) {
        shape[k] = box.length[k] < 0 ? t.shape[k] : box.length[k];
        fits = box.start[k] >= 0 && box.start[k] <= t.shape[k] && shape[k] <= t.shape[k] - box.start[k];
      }
      if (!fits || !(part->shape == shape)) refuse(t, "has a slice that does not fit it");
      if (!detail::fill_slice(*this, *part, t.shape, box, filled, to)) refuse(t, "has slices that overlap");
    }
    if (filled.find('\0') != Text::npos) refuse(t, "has a gap between its slices");
  }
};
using bundle_reader = basic_bundle_reader<std::string>;

}  // namespace io
TFX_END
