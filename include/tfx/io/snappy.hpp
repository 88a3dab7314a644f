// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/cursor.hpp>

TFX_BEGIN
namespace io {

/// Unpacks a Snappy block; `file` is what an error calls it.
template <class Text = std::string>
[[gnu::noinline]] Text unpack_snappy(std::string_view packed, char const* file) {
  cursor in(packed, file);
  u64 const size = in.varint();
  // Three bytes stand for 64 at most, so a larger size is a lie.
  if (size / 64 > packed.size()) in.refuse("a packed block claims to be larger than it can be");
  Text out;
  out.reserve(static_cast<std::size_t>(size));
  while (!in.done()) {
    auto const tag = static_cast<unsigned>(in.fixed(1));
    u64 length = (tag >> 2) + 1, distance = 0;
    switch (tag & 3) {
      case 0:
        if (length > 60) length = in.fixed(static_cast<int>(length) - 60) + 1;
        if (length > size - out.size()) in.refuse("a packed block is longer than it claims");
        out += in.take(length);
        continue;
      case 1:
        length = (tag >> 2 & 7) + 4;
        distance = u64{tag >> 5} << 8 | in.fixed(1);
        break;
      case 2:
        distance = in.fixed(2);
        break;
      default:
        distance = in.fixed(4);
    }
    if (distance == 0 || distance > out.size()) in.refuse("a packed block copies from before its beginning");
    if (length > size - out.size()) in.refuse("a packed block is longer than it claims");
    // What is copied may be what the copy itself writes.
    for (; length > 0; --length) out += out[out.size() - static_cast<std::size_t>(distance)];
  }
  if (out.size() != size) in.refuse("a packed block is shorter than it claims");
  return out;
}

}  // namespace io
TFX_END
