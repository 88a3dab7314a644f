// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstdint>
#include <functional>
#include <string>
#include <tfx/data/gzip.hpp>
#include <vector>

namespace data = tfx::data;
namespace errors = tfx::errors;

namespace {

// Made with python3's zlib: raw deflate (wbits -15) at level 0, with strategy Z_FIXED, and at level 9; the ten bytes of
// a gzip header before it, crc32 and size after it; the last one with the flags FTEXT, FHCRC, FEXTRA, FNAME, FCOMMENT.
using bytes = std::vector<std::uint8_t>;
bytes const stored = {31,  139, 8,   0,   0,   0,   0,   0,   0,   3,   1,  23,  0,   232, 255, 104,
                      101, 108, 108, 111, 32,  104, 101, 108, 108, 111, 32, 104, 101, 108, 108, 111,
                      32,  104, 101, 108, 108, 111, 227, 81,  61,  141, 23, 0,   0,   0};
bytes const fixed = {31,  139, 8,   0,  0,  0, 0,   0,  0,  3,   203, 72, 205, 201,
                     201, 87,  200, 64, 39, 1, 227, 81, 61, 141, 23,  0,  0,   0};
bytes const dynamic = {
    31,  139, 8,   0,   0,   0,   0,   0,   0,   3,   85,  145, 75,  10,  68,  49,  8,   4,   175, 226, 213, 4,   3,
    10,  65,  193, 207, 253, 167, 229, 101, 51,  174, 139, 162, 210, 57,  231, 52,  135, 87,  222, 182, 186, 76,  194,
    53,  126, 77,  236, 250, 209, 184, 21,  147, 20,  231, 102, 145, 91,  224, 204, 75,  101, 192, 202, 49,  29,  203,
    38,  224, 62,  244, 96,  117, 30,  81,  178, 224, 222, 227, 48,  82,  57,  65,  249, 232, 58,  4,   182, 88,  252,
    164, 247, 5,   14,  183, 66,  142, 163, 210, 188, 135, 93,  111, 147, 52,  221, 80,  224, 213, 250, 96,  41,  235,
    117, 127, 29,  8,   161, 23,  210, 158, 199, 111, 36,  43,  216, 180, 41,  70,  201, 1,   14,  183, 64,  142, 211,
    20,  152, 55,  58,  240, 200, 66,  9,   3,   13,  121, 240, 190, 113, 221, 95,  199, 134, 192, 140, 232, 121, 180,
    64,  14,  154, 58,  13,  37,  12,  28,  238, 129, 28,  39,  119, 96,  6,   203, 200, 216, 61,  48,  94,  188, 249,
    230, 123, 227, 186, 191, 142, 13,  129, 121, 159, 248, 232, 29,  27,  251, 237, 34,  45,  187, 52,  198, 227, 134,
    28,  55,  248, 26,  236, 247, 126, 6,   123, 96,  60,  127, 243, 1,   254, 239, 216, 16,  152, 223, 19,  223, 122,
    96,  123, 23,  249, 62,  38,  203, 99,  221, 63,  203, 80,  98,  13,  244, 1,   0,   0};
bytes const all_fields = {31,  139, 8,   31,  0,   0,  0,   0,  0,  3,   3,   0,   97,  98,  99,  110, 97, 109,
                          101, 46,  116, 120, 116, 0,  97,  32, 99, 111, 109, 109, 101, 110, 116, 0,   77, 217,
                          203, 72,  205, 201, 201, 87, 200, 64, 39, 1,   227, 81,  61,  141, 23,  0,   0,  0};

std::string const hello = "hello hello hello hello";

std::string letters() {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "etaoin shrdlu"[(i * i / 7 + i / 50) % 13];
  return text;
}

std::string unpack(bytes const& packed, std::size_t max_size = data::default_max_size) {
  auto const out = data::gunzip(packed, "x.gz", max_size);
  return {out.begin(), out.end()};
}

std::string inflate(bytes const& packed) {
  auto const out = data::inflate(packed, "x");
  return {out.begin(), out.end()};
}

std::string message(std::function<void()> const& f) {
  try {
    f();
  } catch (errors::DataLossError const& e) {
    return e.what();
  }
  return "nothing was refused";
}

std::string refusal(bytes const& packed) {
  return message([&] { unpack(packed); });
}

bytes changed(bytes b, std::size_t at, std::uint8_t value) {
  b[at] = value;
  return b;
}

bytes joined(bytes a, bytes const& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("gzip: stored, fixed and dynamic blocks unpack") {
  CHECK(unpack(stored) == hello);
  CHECK(unpack(fixed) == hello);
  CHECK(unpack(dynamic) == letters());
}

TEST_CASE("gzip: every optional field of the header is passed over") { CHECK(unpack(all_fields) == hello); }

TEST_CASE("gzip: several members unpack to one sequence") {
  CHECK(unpack(joined(joined(fixed, dynamic), stored)) == hello + letters() + hello);
}

TEST_CASE("gzip: zeros that fill a block after a member are passed over") {
  CHECK(unpack(joined(fixed, bytes(1))) == hello);
  CHECK(unpack(joined(dynamic, bytes(4096))) == letters());
  CHECK(unpack(joined(joined(joined(fixed, bytes(512)), stored), bytes(3))) == hello + hello);
  CHECK(refusal(joined(joined(fixed, bytes(512)), {1})) == "x.gz: there are bytes after the end");
  CHECK(refusal(joined(bytes(512), fixed)) == "x.gz: is not a gzip file");
  CHECK(refusal(joined(joined(fixed, bytes(512)), {stored.begin(), stored.end() - 1})) ==
        "x.gz: the data end in the checksum");
}

TEST_CASE("gzip: crc32 has its check value and can be continued") {
  std::string const digits = "123456789";
  bytes const b(digits.begin(), digits.end());
  CHECK(data::crc32(b) == 0xCBF43926);
  data::byte_view const s(b);
  CHECK(data::crc32(s.subspan(4), data::crc32(s.first(4))) == 0xCBF43926);
  CHECK(data::crc32({}) == 0);
}

TEST_CASE("gzip: a file cut anywhere is refused") {
  for (bytes const& whole : {stored, fixed, dynamic, all_fields})
    for (std::size_t n = 0; n < whole.size(); ++n) {
      // Copied to its own allocation, so that a sanitizer sees a read past the end.
      bytes const cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
      CHECK(refusal(cut).rfind("x.gz: the data end in the ", 0) == 0);
    }
}

TEST_CASE("gzip: no flipped bit of the data goes unnoticed") {
  for (bytes const& whole : {stored, fixed, dynamic})
    for (std::size_t bit = 80; bit < 8 * whole.size(); ++bit) {
      bytes flipped = whole;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1 << bit % 8));
      try {
        // Unused bits between the blocks and the checksum carry nothing: only there may a flip pass.
        bool const same = unpack(flipped) == (whole == dynamic ? letters() : hello);
        CHECK(same);
        CHECK(bit / 8 < whole.size() - 8);
      } catch (errors::DataLossError const& e) {
        CHECK(std::string(e.what()).rfind("x.gz: ", 0) == 0);
      }
    }
}

TEST_CASE("gzip: an error names the file and what is wrong") {
  CHECK(refusal({'P', 'K', 3, 4}) == "x.gz: is not a gzip file");
  CHECK(refusal(changed(fixed, 2, 7)) == "x.gz: is packed by a method other than deflate");
  CHECK(refusal(changed(fixed, 3, 0x80)) == "x.gz: the header has flags that are not defined");
  CHECK(refusal(changed(all_fields, 12, 'X')) == "x.gz: the checksum of the header does not match");
  CHECK(refusal(changed(fixed, fixed.size() - 8, 0)) == "x.gz: the checksum does not match the data");
  CHECK(refusal(changed(fixed, fixed.size() - 4, 1)) == "x.gz: the size does not match the data");
  CHECK(refusal(joined(fixed, {1})) == "x.gz: there are bytes after the end");
  CHECK(refusal({fixed.begin(), fixed.end() - 9}) == "x.gz: the data end in the middle of a block");
  CHECK(refusal({fixed.begin(), fixed.end() - 1}) == "x.gz: the data end in the checksum");
  CHECK(refusal(changed(stored, 11, 1)) == "x.gz: the length of a stored block does not match its complement");
}

TEST_CASE("gzip: more than the allowed size is refused") {
  CHECK(unpack(dynamic, 500) == letters());
  for (std::size_t limit : {0u, 1u, 499u})
    CHECK(message([&] { unpack(dynamic, limit); }) == "x.gz: unpacks to more than is allowed");
  CHECK(message([] { unpack(stored, 22); }) == "x.gz: unpacks to more than is allowed");
}

TEST_CASE("inflate: a match that overlaps itself repeats") {
  // Fixed codes: 'a', then a match of length 258 and distance 1, then the end.
  CHECK(inflate({0x4b, 0x1c, 0x05, 0x00}) == std::string(259, 'a'));
}

TEST_CASE("inflate: blocks that break the format are refused") {
  auto const refused = [](bytes const& b) { return message([&] { inflate(b); }); };
  CHECK(refused({0x07}) == "x: a block is of no known type");
  CHECK(refused({0x03, 0x02, 0x00}) == "x: a match reaches back before the beginning");
  CHECK(refused({0xfd, 0xff, 0xff}) == "x: a block has too many codes");
  // 19 code lengths of one bit each are too many for a code.
  CHECK(refused({0x05, 0xe0, 0x93, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49}) ==
        "x: the code lengths of a block make no code");
  CHECK(refused({0x4b, 0x04, 0x00, 0x00}) == "x: there are bytes after the end");
}
