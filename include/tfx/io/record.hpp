// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/crc32c.hpp>
#include <tfx/io/cursor.hpp>
#include <tfx/io/file.hpp>

TFX_BEGIN
namespace io {

// Records, of which TensorFlow's event files consist: the length in 8 bytes, its masked crc32c, the data, theirs.
inline constexpr std::size_t record_header = 12, record_footer = 4;

/// Appends a record.
inline void put_record(std::string& to, std::string_view data) {
  std::size_t const begin = to.size();
  put_fixed(to, data.size(), 8);
  put_fixed(to, mask_crc(crc32c(to.data() + begin, 8)), 4);
  to += data;
  put_fixed(to, mask_crc(crc32c(data.data(), data.size())), 4);
}

/// Reads the records of a file one after another, as many as there are when it is opened. DataLossError for one that is
/// damaged or cut off; it names the file and where the record begins.
class record_reader {
 public:
  explicit record_reader(std::string path) : file_(std::move(path)) {}

  std::string const& path() const { return file_.path(); }
  /// Where the record that `next` gave last begins.
  u64 offset() const { return offset_; }
  /// The next record's data; false after the last one.
  bool next(std::string& data) {
    offset_ = end_;
    u64 const left = file_.size() - end_;
    if (left == 0) return false;
    if (left < record_header) refuse("truncated");
    char header[record_header];
    file_.read(offset_, header, record_header);
    u64 const size = number(header, 8);
    check(header, 8, number(header + 8, 4));
    if (left - record_header < record_footer || size > left - record_header - record_footer) refuse("truncated");
    data.resize(static_cast<std::size_t>(size) + record_footer);
    file_.read(offset_ + record_header, data.data(), data.size());
    check(data.data(), static_cast<std::size_t>(size), number(data.data() + size, 4));
    data.resize(static_cast<std::size_t>(size));
    end_ = offset_ + record_header + size + record_footer;
    return true;
  }

 private:
  input_file file_;
  u64 offset_ = 0, end_ = 0;

  static u64 number(char const* bytes, int count) {
    return cursor({bytes, static_cast<std::size_t>(count)}, "").fixed(count);
  }
  void check(char const* data, std::size_t size, u64 crc) const {
    if (mask_crc(crc32c(data, size)) != crc) refuse("corrupted");
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(char const* how) const {
    raise<errors::DataLossError>("%s: %s record at %llu", path().c_str(), how,
                                 static_cast<unsigned long long>(offset_));
  }
};

}  // namespace io
TFX_END
