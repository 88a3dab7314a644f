// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/cursor.hpp>

TFX_BEGIN
namespace io {
namespace detail {

/// A field of a protocol buffer.
struct message_field {
  u64 number = 0;
  int wire = 0;
  u64 value = 0;            // of a number
  std::string_view text{};  // of bytes
};
[[gnu::noinline]] inline message_field next_field(cursor& in) {
  u64 const tag = in.varint();
  message_field f{tag >> 3, static_cast<int>(tag & 7)};
  if (f.wire == 0) {
    f.value = in.varint();
  } else if (f.wire == 1 || f.wire == 5) {
    f.value = in.fixed(f.wire == 1 ? 8 : 4);
  } else if (f.wire == 2) {
    f.text = in.take(in.varint());
  } else {
    in.refuse("a message has a field of no known kind");
  }
  return f;
}

}  // namespace detail
}  // namespace io
TFX_END
