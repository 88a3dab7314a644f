// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/wait.h>
#include <csignal>
#include <io/folder.hpp>
#include <tfx/io/crc32c.hpp>

namespace io = tfx::io;
namespace errors = tfx::errors;
namespace fs = std::filesystem;
using io_test::folder;
using io_test::message;
using io_test::text_of;
using io_test::write;

namespace {
/// One bit at a time, as the polynomial is defined.
std::uint32_t slow_crc32c(unsigned char const* p, std::size_t n) {
  std::uint32_t c = 0xFFFFFFFFu;
  for (; n > 0; --n, ++p)
    for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ (((c ^ (unsigned{*p} >> bit)) & 1) != 0 ? 0x82F63B78u : 0u);
  return c ^ 0xFFFFFFFFu;
}
}  // namespace

TEST_CASE("crc32c: the known values, and any length from any place") {
  CHECK(io::crc32c("123456789", 9) == 0xe3069283u);
  CHECK(io::mask_crc(0xe3069283u) == 0xc78ab0e5u);
  CHECK(io::unmask_crc(0xc78ab0e5u) == 0xe3069283u);
  unsigned char const zeros[32] = {};
  CHECK(io::crc32c(zeros, 32) == 0x8a9136aau);
  CHECK(io::crc32c(nullptr, 0) == 0);
  unsigned char bytes[80];
  for (std::size_t i = 0; i < 80; ++i) bytes[i] = static_cast<unsigned char>(i * i * 7 + i);
  for (std::size_t from = 0; from < 9; ++from)
    for (std::size_t n = 0; n <= 64; ++n) {
      CHECK(io::crc32c(bytes + from, n) == slow_crc32c(bytes + from, n));
      CHECK(io::crc32c(bytes + from + n / 3, n - n / 3, io::crc32c(bytes + from, n / 3)) ==
            slow_crc32c(bytes + from, n));
      CHECK(io::unmask_crc(io::mask_crc(slow_crc32c(bytes, n))) == slow_crc32c(bytes, n));
    }
}
TEST_CASE("file: what is written is read, whole or by pieces") {
  folder const dir;
  std::string const path = dir / "a", text(200000, 'x');
  write(path, text + "end");
  CHECK(text_of(path) == text + "end");
  write(path, "");
  CHECK(text_of(path).empty());
  write(path, "hello");
  io::input_file const in(path);
  CHECK(in.size() == 5);
  char piece[3] = "";
  in.read(3, piece, 2);
  CHECK(std::string(piece) == "lo");
  in.read(5, piece, 0);
  for (auto [offset, size] : {std::pair{4u, 2u}, {6u, 0u}, {0u, 6u}})
    CHECK(message<errors::DataLossError>([&, o = offset, s = size] { in.read(o, piece, s); }) ==
          path + ": the file ends too early");
  CHECK_THROWS_AS(in.read(~tfx::u64{0}, piece, 2), errors::DataLossError);
  CHECK(dir.files() == 1);
  CHECK(io::folder_of("a/b/c") == "a/b");
  CHECK(io::folder_of("c") == ".");
  CHECK(io::folder_of("/c") == "/");
}
TEST_CASE("file: errors name the path") {
  folder const dir;
  std::string const absent = dir / "absent", inside = dir / "no/file";
  CHECK(message<errors::NotFoundError>([&] { io::read_file(absent); }) == absent + "; No such file or directory");
  CHECK(message<errors::NotFoundError>([&] { io::input_file f(absent); }) == absent + "; No such file or directory");
  CHECK(message<errors::NotFoundError>([&] { write(inside, ""); }) == inside + "; No such file or directory");
  std::string const here = dir.path.string();
  CHECK(message<errors::FailedPreconditionError>([&] { io::read_file(here); }) == here + "; Is a directory");
  fs::create_directory(dir / "taken");
  CHECK(message<errors::FailedPreconditionError>([&] { write(dir / "taken", "x"); }) ==
        dir / "taken" + "; Is a directory");
  CHECK(dir.files() == 1);
  // A file that cannot grow: what is refused late leaves nothing either.
  auto const before = std::signal(SIGXFSZ, SIG_IGN);
  ::rlimit limit;
  ::getrlimit(RLIMIT_FSIZE, &limit);
  ::rlimit const small{4096, limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::string const full = dir / "full";
  CHECK(message<errors::FailedPreconditionError>([&] { write(full, std::string(100000, 'x')); }) ==
        full + "; File too large");
  CHECK(message<errors::FailedPreconditionError>([&] { write(full, std::string(4097, 'x')); }) ==
        full + "; File too large");
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  CHECK(dir.files() == 1);
}
TEST_CASE("file: one that is not committed leaves the earlier one, and nothing else") {
  folder const dir;
  std::string const path = dir / "a";
  write(path, "before");
  {
    io::output_file out(path);
    out.write("after", 5);
    CHECK(text_of(path) == "before");
  }
  CHECK(text_of(path) == "before");
  CHECK(dir.files() == 1);
  write(path + ".tmp", "of a process that was killed, and longer than what follows");
  write(path, "after");
  CHECK(text_of(path) == "after");
  CHECK(dir.files() == 1);
}
TEST_CASE("file: writers of one path at a time leave what one of them wrote") {
  folder const dir;
  std::string const path = dir / "a";
  std::vector<::pid_t> children;
  for (char c : {'a', 'b', 'c', 'd'}) {
    if (::pid_t const child = ::fork(); child != 0) {
      children.push_back(child);
      continue;
    }
    for (int i = 0; i < 20; ++i) write(path, std::string(50000 + 1000 * static_cast<std::size_t>(c - 'a'), c));
    ::_exit(0);
  }
  for (::pid_t const child : children) {
    int status = 1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  std::string const text = text_of(path);
  CHECK(text == std::string(50000 + 1000 * static_cast<std::size_t>(text[0] - 'a'), text[0]));
  CHECK(dir.files() == 1);
}
