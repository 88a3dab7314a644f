// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cerrno>
#include <cstdio>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/vector.hpp>
#if defined(__unix__) || defined(__APPLE__)
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include <filesystem>
#endif

// What io asks of the system, once for POSIX and once in standard C++, for systems without it. There, files that are
// replaced are whole as well, but nothing waits until they are on the disk, and two programs that write one file at a
// time do not wait for each other. What fails gives false, null or −1, and errno says why.
TFX_BEGIN
namespace io::detail {

#if defined(__unix__) || defined(__APPLE__)

/// An open file, closed at the end.
class system_file {
 public:
  system_file() = default;
  system_file(system_file const&) = delete;
  ~system_file() { close(); }

  static system_file open(char const* path) { return system_file(::open(path, O_RDONLY | O_CLOEXEC)); }
  /// A new one, to write; EEXIST where there is one.
  static system_file create(char const* path) {
    return system_file(::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  }
  bool is_open() const { return number_ >= 0; }
  void close() {
    if (is_open()) ::close(number_);
    number_ = -1;
  }
  system_file& operator=(system_file&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  i64 size() const {
    struct stat found;
    return ::fstat(number_, &found) == 0 ? static_cast<i64>(found.st_size) : -1;
  }
  /// Reads from where the last such call ended; 0 at the end.
  i64 read(void* to, std::size_t size) const {
    return again([&] { return ::read(number_, to, size); });
  }
  i64 read_at(u64 offset, void* to, std::size_t size) const {
    return again([&] { return ::pread(number_, to, size, static_cast<off_t>(offset)); });
  }
  i64 write_at(u64 offset, void const* from, std::size_t size) const {
    return again([&] { return ::pwrite(number_, from, size, static_cast<off_t>(offset)); });
  }
  /// Ends the file there.
  void cut(u64 size) const {
    int const error = errno;
    [[maybe_unused]] int const done = ::ftruncate(number_, static_cast<off_t>(size));
    errno = error;
  }
  bool sync() const { return ::fsync(number_) == 0; }
  bool is_removed() const {
    struct stat found;
    return ::fstat(number_, &found) == 0 && found.st_nlink == 0;
  }

 private:
  int number_ = -1;

  explicit system_file(int number) : number_(number) {}
  // A signal may interrupt a call.
  template <class F>
  static i64 again(F f) {
    for (;;)
      if (auto const result = f(); result >= 0 || errno != EINTR) return static_cast<i64>(result);
  }
};

inline bool is_there(char const* path) {
  struct stat found;
  return ::stat(path, &found) == 0;
}
inline bool make_folder(char const* path) { return ::mkdir(path, 0777) == 0 || errno == EEXIST || errno == EISDIR; }
inline void remove_file(char const* path) { ::unlink(path); }
/// Lets the names in a folder reach the disk. Some file systems have no such thing.
inline bool sync_names(char const* folder) {
  int const number = ::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) return true;
  bool const done = ::fsync(number) == 0 || errno != EIO;
  ::close(number);
  return done;
}
/// Gives a file a second name.
inline bool link(char const* path, char const* second) { return ::link(path, second) == 0; }
/// Gives a file another name, at once in the place of one that has it.
inline bool rename(char const* path, char const* name) { return ::rename(path, name) == 0; }
/// The names in a folder.
template <class Text>
vector<Text> names_in(char const* folder) {
  vector<Text> names;
  if (::DIR* const list = ::opendir(folder)) {
    while (::dirent const* const file = ::readdir(list)) names.push_back(file->d_name);
    ::closedir(list);
  }
  return names;
}
inline void host_name(char* to, std::size_t size) {
  if (::gethostname(to, size - 1) != 0) std::snprintf(to, size, "localhost");
}
/// An empty file to write, which others that write it wait for until `finish` or `discard`.
[[gnu::noinline]] inline std::FILE* begin_file(char const* path) {
  for (;;) {
    int const number = ::open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (number < 0) return nullptr;
    while (::flock(number, LOCK_EX) != 0 && errno == EINTR) {
    }
    // Whoever had it before may have renamed it meanwhile.
    struct stat mine, there;
    bool const same = ::fstat(number, &mine) == 0 && ::stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
                      mine.st_dev == there.st_dev;
    std::FILE* const stream = same && ::ftruncate(number, 0) == 0 ? ::fdopen(number, "wb") : nullptr;
    if (!stream) ::close(number);
    if (stream || same) return stream;
  }
}
/// Lets it reach the disk under its name. The stream is null where it was closed.
inline bool finish_file(std::FILE*& stream, char const* path, char const* name) {
  if (std::fflush(stream) != 0 || ::fsync(::fileno(stream)) != 0 || ::rename(path, name) != 0) return false;
  std::fclose(stream);
  stream = nullptr;
  return true;
}
inline void discard_file(std::FILE* stream, char const* path) {
  ::unlink(path);
  std::fclose(stream);
}

#else

class system_file {
 public:
  system_file() = default;
  system_file(system_file const&) = delete;
  ~system_file() { close(); }

  static system_file open(char const* path) { return {std::fopen(path, "rb"), path}; }
  static system_file create(char const* path) {
    if (!std::filesystem::exists(path)) return {std::fopen(path, "wb"), path};
    errno = EEXIST;
    return {};
  }
  bool is_open() const { return stream_ != nullptr; }
  void close() {
    if (stream_) std::fclose(stream_);
    stream_ = nullptr;
  }
  system_file& operator=(system_file&& other) noexcept {
    std::swap(stream_, other.stream_);
    path_.swap(other.path_);
    return *this;
  }

  i64 size() const {
    std::error_code failed;
    auto const bytes = std::filesystem::file_size(path_, failed);
    return failed ? -1 : static_cast<i64>(bytes);
  }
  i64 read(void* to, std::size_t size) const {
    std::size_t const got = std::fread(to, 1, size, stream_);
    return got > 0 || !std::ferror(stream_) ? static_cast<i64>(got) : -1;
  }
  i64 read_at(u64 offset, void* to, std::size_t size) const { return seek(offset) ? read(to, size) : -1; }
  i64 write_at(u64 offset, void const* from, std::size_t size) const {
    if (!seek(offset)) return -1;
    std::size_t const put = std::fwrite(from, 1, size, stream_);
    return std::fflush(stream_) == 0 && put > 0 ? static_cast<i64>(put) : -1;
  }
  void cut(u64 size) const {
    std::error_code failed;
    std::filesystem::resize_file(path_, size, failed);
  }
  bool sync() const { return std::fflush(stream_) == 0; }
  bool is_removed() const { return false; }

 private:
  std::FILE* stream_ = nullptr;
  std::string path_;

  system_file(std::FILE* stream, char const* path) : stream_(stream), path_(path) {}
  // A long has 32 bits on Windows.
  bool seek(u64 offset) const {
    constexpr u64 most = u64{1} << 30;
    bool done = std::fseek(stream_, 0, SEEK_SET) == 0;
    for (; done && offset > 0; offset -= offset < most ? offset : most)
      done = std::fseek(stream_, static_cast<long>(offset < most ? offset : most), SEEK_CUR) == 0;
    return done;
  }
};

inline bool is_there(char const* path) {
  std::error_code failed;
  return std::filesystem::exists(path, failed);
}
/// Whether the system did what an error code tells of, which errno then tells too.
inline bool is_done(std::error_code const& failed) {
  if (failed) errno = failed.default_error_condition().value();
  return !failed;
}
inline bool make_folder(char const* path) {
  std::error_code failed;
  std::filesystem::create_directory(path, failed);
  return is_there(path) || is_done(failed);
}
inline void remove_file(char const* path) { std::remove(path); }
inline bool sync_names(char const*) { return true; }
inline bool link(char const* path, char const* second) {
  std::error_code failed;
  std::filesystem::create_hard_link(path, second, failed);
  return is_done(failed);
}
inline bool rename(char const* path, char const* name) {
  std::error_code failed;
  std::filesystem::rename(path, name, failed);
  return is_done(failed);
}
template <class Text>
vector<Text> names_in(char const* folder) {
  vector<Text> names;
  std::error_code failed;
  for (auto const& file : std::filesystem::directory_iterator(folder, failed))
    names.push_back(file.path().filename().string());
  return names;
}
inline void host_name(char* to, std::size_t size) { std::snprintf(to, size, "localhost"); }
inline std::FILE* begin_file(char const* path) { return std::fopen(path, "wb"); }
// Windows gives no other name to a file that is open.
inline bool finish_file(std::FILE*& stream, char const* path, char const* name) {
  if (std::fflush(stream) != 0) return false;
  std::fclose(stream);
  stream = nullptr;
  if (rename(path, name)) return true;
  int const error = errno;
  std::remove(path);
  errno = error;
  return false;
}
inline void discard_file(std::FILE* stream, char const* path) {
  std::fclose(stream);
  std::remove(path);
}

#endif

}  // namespace io::detail
TFX_END
