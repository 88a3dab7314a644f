// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/crc32c.hpp>
#include <tfx/io/snappy.hpp>

TFX_BEGIN
namespace io {

// The sorted table of LevelDB, in which a checkpoint has its index: blocks of entries whose keys leave out what they
// share with the one before; then a block without entries, a block that tells where the blocks are, and a footer.

namespace detail {
inline constexpr std::size_t table_footer_size = 48, table_block_size = 262144;
inline constexpr u64 table_magic = 0xdb4775248b80fb57;

/// The entries of one block.
template <class Text>
class table_block {
 public:
  explicit table_block(int restart_interval) : interval_(restart_interval) {}

  std::size_t size() const { return bytes_.size() + restarts_.size() + 4; }
  bool empty() const { return bytes_.empty(); }

  void add(std::string_view key, std::string_view value) {
    std::size_t shared = 0;
    if (entries_ % interval_ == 0) {
      put_fixed(restarts_, bytes_.size(), 4);
    } else {
      while (shared < last_.size() && shared < key.size() && last_[shared] == key[shared]) ++shared;
    }
    put_varint(bytes_, shared);
    put_varint(bytes_, key.size() - shared);
    put_varint(bytes_, value.size());
    bytes_ += key.substr(shared);
    bytes_ += value;
    last_ = key;
    ++entries_;
  }
  /// The block as a file holds it; nothing is left in this one.
  Text finish() {
    if (restarts_.empty()) put_fixed(restarts_, 0, 4);
    Text out = bytes_ + restarts_;
    put_fixed(out, restarts_.size() / 4, 4);
    out += '\0';  // not packed
    put_fixed(out, mask_crc(crc32c(out.data(), out.size())), 4);
    bytes_.clear();
    restarts_.clear();
    entries_ = 0;
    return out;
  }

 private:
  int interval_, entries_ = 0;
  Text bytes_, restarts_, last_;
};
}  // namespace detail

/// Writes a table: entries by ascending keys, then `finish`.
template <class Text>
class basic_table_writer {
 public:
  void add(std::string_view key, std::string_view value) {
    if (pending_) add_handle(separator(key));
    block_.add(key, value);
    last_ = key;
    if (block_.size() >= detail::table_block_size) flush();
  }
  /// The whole file.
  Text finish() {
    if (!block_.empty()) flush();
    if (pending_) add_handle(successor());
    Text footer = store(detail::table_block<Text>(1).finish());
    footer += store(index_.finish());
    footer.resize(detail::table_footer_size - 8);
    put_fixed(footer, detail::table_magic, 8);
    return file_ + footer;
  }

 private:
  detail::table_block<Text> block_{16}, index_{1};
  bool pending_ = false;  // the last block's handle is not in the index yet
  Text file_, last_, handle_;

  // Appends a block; its handle tells where it is.
  Text store(Text const& stored) {
    Text handle;
    put_varint(handle, file_.size());
    put_varint(handle, stored.size() - 5);
    file_ += stored;
    return handle;
  }
  void flush() {
    handle_ = store(block_.finish());
    pending_ = true;
  }
  void add_handle(std::string_view key) {
    index_.add(key, handle_);
    pending_ = false;
  }
  static unsigned byte(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }
  // A short key from the last one up to below `next`.
  Text separator(std::string_view next) const {
    std::size_t i = 0;
    while (i < last_.size() && i < next.size() && last_[i] == next[i]) ++i;
    if (i >= last_.size() || i >= next.size() || byte(last_, i) + 1 >= byte(next, i)) return last_;
    return last_.substr(0, i) + static_cast<char>(byte(last_, i) + 1);
  }
  // A short key from the last one up.
  Text successor() const {
    for (std::size_t i = 0; i < last_.size(); ++i)
      if (byte(last_, i) != 0xff) return last_.substr(0, i) + static_cast<char>(byte(last_, i) + 1);
    return last_;
  }
};

using table_writer = basic_table_writer<std::string>;

/// Reads a table: every entry is checked, and given to `entry(key, value)` in the order of the keys.
template <class Text>
class basic_table_reader {
 public:
  /// `name` is what errors call the file; both must outlive the reader.
  basic_table_reader(std::string_view file, char const* name) : file_(file), name_(name) {}

  template <class Entry>
  void each(Entry const& entry) {
    using namespace detail;
    if (file_.size() < table_footer_size) refuse("is too short for the index of a checkpoint");
    cursor footer(file_.substr(file_.size() - table_footer_size), name_);
    block(footer);
    Text const index = block(footer);
    cursor magic(file_.substr(file_.size() - 8), name_);
    if (magic.fixed(8) != table_magic) refuse("is not the index of a checkpoint: it ends in a wrong magic number");
    Text last;
    bool first = true;
    entries(index, [&](std::string_view, std::string_view handle) {
      cursor at(handle, name_);
      entries(block(at), [&](std::string_view key, std::string_view value) {
        if (!first && key <= last) refuse("the keys do not ascend");
        // Each sixteenth key is whole, so all of them are not many times what the file holds.
        if ((key_bytes_ += key.size()) / 64 > file_.size()) refuse("the keys take more than the file can hold");
        first = false;
        last = key;
        entry(key, value);
      });
    });
  }

 private:
  std::string_view file_;
  char const* name_;
  u64 key_bytes_ = 0;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(char const* what) const {
    raise<errors::DataLossError>("%s: %s", name_, what);
  }
  // The block that a handle leads to, unpacked.
  [[gnu::noinline]] Text block(cursor& handle) const {
    u64 const offset = handle.varint(), size = handle.varint();
    if (offset > file_.size() || size > file_.size() - offset || file_.size() - offset - size < 5)
      refuse("a block lies beyond the end");
    std::string_view const stored = file_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size) + 5);
    cursor trailer(stored.substr(stored.size() - 4), name_);
    if (mask_crc(crc32c(stored.data(), stored.size() - 4)) != trailer.fixed(4))
      refuse("the checksum of a block does not match");
    std::string_view const content = stored.substr(0, stored.size() - 5);
    switch (stored[stored.size() - 5]) {
      case 0:
        return Text(content);
      case 1:
        return unpack_snappy<Text>(content, name_);
      default:
        refuse("a block is packed by an unknown method");
    }
  }
  template <class Entry>
  void entries(Text const& block, Entry const& entry) const {
    std::string_view bytes = block;
    if (bytes.size() < 4) refuse("a block is too short");
    u64 const restarts = cursor(bytes.substr(bytes.size() - 4), name_).fixed(4);
    if (restarts > (bytes.size() - 4) / 4) refuse("a block is too short");
    bytes.remove_suffix(4 + 4 * static_cast<std::size_t>(restarts));
    Text key;
    for (cursor in(bytes, name_); !in.done();) {
      u64 const shared = in.varint(), own = in.varint(), size = in.varint();
      if (shared > key.size()) refuse("a key shares more than there is");
      key.resize(static_cast<std::size_t>(shared));
      key += in.take(own);
      entry(std::string_view(key), in.take(size));
    }
  }
};
using table_reader = basic_table_reader<std::string>;

}  // namespace io
TFX_END
