// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/message_field.hpp>
#include <tfx/io/table.hpp>
#include <tfx/io/tensors.hpp>

TFX_BEGIN
namespace io {
namespace detail {

// What the index of a checkpoint holds: BundleHeaderProto under the empty key, BundleEntryProto under each name.

/// A part of a tensor; a length of -1 is all of that axis.
struct slice_box {
  dims start, length;
};
/// Where a tensor's elements are.
template <class Text>
struct basic_bundle_entry {
  u64 shard = 0, offset = 0, size = 0;
  std::uint32_t crc = 0;
  vector<slice_box> boxes{};  // of one that was saved in slices: it has no elements of its own

  /// The message; fields that are zero are left out.
  Text bytes(dtype type, dims const& shape) const {
    Text extents, out;
    for (int i = 0; i < shape.rank; ++i) {
      Text extent;
      put_number(extent, 1, static_cast<u64>(shape[i]));
      put_text(extents, 2, extent);
    }
    put_number(out, 1, static_cast<u64>(type));
    put_text(out, 2, extents);
    put_number(out, 3, shard);
    put_number(out, 4, offset);
    put_number(out, 5, size);
    if (std::uint32_t const masked = mask_crc(crc); masked != 0) {
      out += static_cast<char>(6 << 3 | 5);
      put_fixed(out, masked, 4);
    }
    return out;
  }
  static void put_number(Text& to, int field, u64 value) {
    if (value == 0) return;
    to += static_cast<char>(field << 3);
    put_varint(to, value);
  }
  static void put_text(Text& to, int field, Text const& text) {
    to += static_cast<char>(field << 3 | 2);
    put_varint(to, text.size());
    to += text;
  }
};
using bundle_entry = basic_bundle_entry<std::string>;
template <class Text = std::string>
Text bundle_header(u64 shards) {
  Text version, out;
  basic_bundle_entry<Text>::put_number(version, 1, 1);
  basic_bundle_entry<Text>::put_number(out, 1, shards);
  basic_bundle_entry<Text>::put_text(out, 3, version);
  return out;
}

/// How many shards there are.
inline u64 read_bundle_header(cursor in) {
  u64 shards = 0;
  while (!in.done()) {
    message_field const f = next_field(in);
    if (f.number == 1) shards = f.value;
    if (f.number == 2 && f.value != 0) in.refuse("has the highest bytes first, which is not read");
  }
  return shards;
}
/// False where an axis is one too many. -1 where a slice has all of it.
inline bool read_extents(cursor in, u64 list, dims& first, dims* second) {
  first = {};
  while (!in.done()) {
    message_field const f = next_field(in);
    if (f.number != list || f.wire != 2) continue;
    i64 values[2] = {0, second ? -1 : 0};
    for (cursor extent(f.text, in.file()); !extent.done();) {
      message_field const e = next_field(extent);
      if (e.number == 1 || e.number == 2) values[e.number - 1] = e.wire == 0 ? static_cast<i64>(e.value) : values[1];
    }
    if (first.rank == max_rank) return false;
    if (second) second->push_back(values[1]);
    first.push_back(values[0]);
  }
  return true;
}
/// Reads where a tensor is, and its dtype and shape into `t`.
template <class Text>
basic_bundle_entry<Text> read_bundle_entry(cursor in, basic_stored_tensor<Text>& t) {
  basic_bundle_entry<Text> entry;
  bool known = true;
  u64 type = 0;
  while (!in.done()) {
    message_field const f = next_field(in);
    switch (f.number) {
      case 1:
        type = f.value;
        break;
      case 2:
        known = read_extents({f.text, in.file()}, 2, t.shape, nullptr) && known;
        break;
      case 3:
        entry.shard = f.value;
        break;
      case 4:
        entry.offset = f.value;
        break;
      case 5:
        entry.size = f.value;
        break;
      case 6:
        entry.crc = unmask_crc(static_cast<std::uint32_t>(f.value));
        break;
      case 7: {
        slice_box box;
        known = read_extents({f.text, in.file()}, 1, box.start, &box.length) && known;
        entry.boxes.push_back(box);
        break;
      }
    }
  }
  for (int i = 0; i < t.shape.rank; ++i)
    if (t.shape[i] < 0) in.refuse("a tensor has a negative extent");
  // A dtype that has a word is one of ours.
  if (known && type < 64 && to_string(static_cast<dtype>(type)) != "none") t.type = static_cast<dtype>(type);
  return entry;
}

template <class Text = std::string>
std::uint32_t crc_of_length(u64 length, std::uint32_t before) {
  Text bytes;
  put_fixed(bytes, length, length > 0xFFFFFFFFu ? 8 : 4);
  return crc32c(bytes.data(), bytes.size(), before);
}

// A slice has a key of its own, which sorts as the slices do: zero, the name, the rank, and for each axis its start and
// its length, in an order-preserving code.

/// How many bytes, then those, the highest first.
template <class Text>
void put_ordered(Text& to, u64 value) {
  Text bytes;
  for (; value > 0; value >>= 8) bytes.insert(bytes.begin(), static_cast<char>(value));
  to += static_cast<char>(bytes.size());
  to += bytes;
}
/// n bytes hold 7 n bits, of which the highest one is the sign. Of those before them, which tell n, as many are
/// one as there are bytes, then a zero; of a negative number, all the other way round.
template <class Text>
void put_ordered_signed(Text& to, i64 value) {
  u64 const size = static_cast<u64>(value < 0 ? ~value : value);
  int n = 1;
  while (n < 10 && (size >> (7 * n - 1)) != 0) ++n;
  unsigned char bytes[10];
  for (int i = 0; i < 10; ++i) {
    int const shift = 8 * (9 - i);
    bytes[i] = static_cast<unsigned char>(shift < 64 ? value >> shift : value < 0 ? 0xff : 0);
  }
  unsigned const marks = 0xffffu << (16 - n);  // n ones, from the highest of 16 bits on
  unsigned char* const begin = bytes + 10 - n;
  begin[0] = static_cast<unsigned char>(begin[0] ^ (marks >> 8 & 0xff));
  if (n > 1) begin[1] = static_cast<unsigned char>(begin[1] ^ (marks & 0xff));
  to.append(reinterpret_cast<char const*>(begin), static_cast<std::size_t>(n));
}
template <class Text = std::string>
Text slice_key(std::string_view name, slice_box const& box) {
  Text key;
  put_ordered(key, 0);
  for (char const c : name) {
    key += c;
    if (c == '\0') key += '\xff';
    if (c == '\xff') key += '\0';
  }
  key += '\0';
  key += '\1';
  put_ordered(key, static_cast<u64>(box.start.rank));
  for (int k = 0; k < box.start.rank; ++k) {
    put_ordered_signed(key, box.start[k]);
    put_ordered_signed(key, box.length[k]);
  }
  return key;
}

/// Reads a slice and copies it to its place in a tensor of `shape`; false where something was there already.
template <class Text>
[[gnu::noinline]] bool fill_slice(basic_tensor_reader<Text>& from, basic_stored_tensor<Text> const& part,
                                  dims const& shape, slice_box const& box, Text& filled, void* to) {
  i64 count = 0;
  if (!count_elements(part.shape, count)) return false;
  bool const texts = part.type == dtype::string;
  std::size_t const item = texts ? 1 : static_cast<std::size_t>(bytes_of(part.type));
  // What is read is no more than the tensor that it is a part of.
  std::unique_ptr<Text[]> const strings(new Text[texts ? static_cast<std::size_t>(count) : 0]);
  Text numbers(texts ? 0 : static_cast<std::size_t>(count) * item, '\0');
  from.read(part, texts ? static_cast<void*>(strings.get()) : numbers.data());
  i64 at[max_rank] = {};
  for (i64 i = 0; i < count; ++i) {
    i64 place = 0;
    for (int k = 0; k < shape.rank; ++k) place = place * shape[k] + box.start[k] + at[k];
    auto const p = static_cast<std::size_t>(place);
    if (filled[p] != '\0') return false;
    filled[p] = '\1';
    if (texts) {
      static_cast<Text*>(to)[p] = std::move(strings[static_cast<std::size_t>(i)]);
    } else {
      std::memcpy(static_cast<char*>(to) + p * item, numbers.data() + static_cast<std::size_t>(i) * item, item);
    }
    for (int k = shape.rank - 1; k >= 0 && ++at[k] == part.shape[k]; --k) at[k] = 0;
  }
  return true;
}

}  // namespace detail
}  // namespace io
TFX_END
