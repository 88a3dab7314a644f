// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/io/system_file.hpp>
#include <vector>

TFX_BEGIN
namespace io {

namespace detail {
/// Refuses a file for what the system just said of it.
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_file(char const* path) {
  int const error = errno;
  char const* const why = std::strerror(error);
  if (error == ENOENT || error == ENOTDIR) raise<errors::NotFoundError>("%s; %s", path, why);
  raise<errors::FailedPreconditionError>("%s; %s", path, why);
}
}  // namespace detail

/// The folder that a file is in, as its path spells it: "." where it spells none.
template <class Text = std::string>
Text folder_of(std::string const& path) {
  std::size_t const slash = path.rfind('/');
  if (slash == Text::npos) return ".";
  return path.substr(0, slash > 0 ? slash : 1);
}
template <class Text = std::string>
bool exists(std::string const& path) {
  return detail::is_there(path.c_str());
}
/// Makes a folder and those above it that are not there; FailedPreconditionError where the system refuses.
template <class Text = std::string>
void make_folders(std::string const& path) {
  for (std::size_t end = 1; end <= path.size(); ++end) {
    if (end < path.size() && path[end] != '/') continue;
    if (!detail::make_folder(path.substr(0, end).c_str())) detail::refuse_file(path.c_str());
  }
}

/// A file that is read by pieces. NotFoundError if there is none, FailedPreconditionError if it cannot be read.
template <class Text>
class basic_input_file {
 public:
  explicit basic_input_file(Text path) : path_(std::move(path)), file_(detail::system_file::open(path_.c_str())) {
    i64 const size = file_.is_open() ? file_.size() : -1;
    if (size < 0) detail::refuse_file(path_.c_str());
    size_ = static_cast<u64>(size);
  }
  Text const& path() const { return path_; }
  u64 size() const { return size_; }

  /// Reads `size` bytes from `offset` on; DataLossError if the file ends before.
  void read(u64 offset, void* to, std::size_t size) const {
    auto* at = static_cast<char*>(to);
    if (offset > size_ || size > size_ - offset) refuse_end();
    while (size > 0) {
      i64 const got = file_.read_at(offset, at, size);
      if (got < 0) detail::refuse_file(path_.c_str());
      if (got == 0) refuse_end();
      at += got;
      offset += static_cast<u64>(got);
      size -= static_cast<std::size_t>(got);
    }
  }

 private:
  Text path_;
  detail::system_file file_;
  u64 size_ = 0;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_end() const {
    raise<errors::DataLossError>("%s: the file ends too early", path_.c_str());
  }
};

using input_file = basic_input_file<std::string>;

/// The whole of a file, or of a pipe; the errors are those of input_file.
template <class Bytes = std::vector<std::uint8_t>>
Bytes read_file(std::string const& path) {
  detail::system_file const in(detail::system_file::open(path.c_str()));
  if (!in.is_open()) detail::refuse_file(path.c_str());
  i64 const told = in.size();
  std::size_t room = 1 << 16, size = 0;
  if (told > 0) room = static_cast<std::size_t>(told) + 1;
  Bytes bytes;
  bytes.resize(room);
  for (;;) {
    i64 const got = in.read(bytes.data() + size, bytes.size() - size);
    if (got < 0) detail::refuse_file(path.c_str());
    size += static_cast<std::size_t>(got);
    if (got == 0) break;
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  return bytes;
}

/// Lets the names in the folder of `path` reach the disk. Some file systems have no such thing.
template <class Text>
void sync_folder(Text const& path) {
  if (!detail::sync_names(folder_of(path).c_str())) detail::refuse_file(path.c_str());
}
/// Gives a file a second name, at once in the place of a file that has it. False where the file system cannot.
template <class Text>
bool link_file(Text const& path, Text const& second) {
  Text const temporary = second + ".link";
  detail::remove_file(temporary.c_str());
  bool const linked =
      detail::link(path.c_str(), temporary.c_str()) && detail::rename(temporary.c_str(), second.c_str());
  if (linked) sync_folder(second);
  return linked;
}

/// A file that appears under its name at once and whole: it is written beside it under a temporary name, reaches the
/// disk, and is then renamed. Without `commit` nothing is left of it, and a file of that name stays as it was. What a
/// process that was killed left behind, the next writer of the same file takes over; two at a time wait for each other.
/// (Where there is no POSIX, neither the disk nor another writer is waited for.)
template <class Text>
class basic_output_file {
 public:
  /// NotFoundError if there is no such folder, FailedPreconditionError if nothing can be written there.
  explicit basic_output_file(Text path)
      : path_(std::move(path)), temporary_(path_ + ".tmp"), stream_(detail::begin_file(temporary_.c_str())) {
    if (!stream_) detail::refuse_file(path_.c_str());
  }
  basic_output_file(basic_output_file const&) = delete;
  ~basic_output_file() {
    if (stream_) detail::discard_file(stream_, temporary_.c_str());
  }

  void write(void const* data, std::size_t size) {
    if (size > 0 && std::fwrite(data, 1, size, stream_) != size) detail::refuse_file(path_.c_str());
  }
  /// Gives the file its name. When this returns, it survives a loss of power.
  void commit() {
    if (!detail::finish_file(stream_, temporary_.c_str(), path_.c_str())) detail::refuse_file(path_.c_str());
    sync_folder(path_);
  }

 private:
  Text path_, temporary_;
  std::FILE* stream_;
};

using output_file = basic_output_file<std::string>;

/// Writes a whole file so.
template <class Text = std::string>
void write_file(std::string const& path, void const* data, std::size_t size) {
  basic_output_file<Text> out(path);
  out.write(data, size);
  out.commit();
}

}  // namespace io
TFX_END
