// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <tfx/inspect/protobuf.hpp>
#include <tfx/io/message_field.hpp>
#include <utility>
#include <vector>

TFX_BEGIN
namespace summary {

/// What a value of a summary is.
enum class value_kind : unsigned char { none, simple_value, image, histo, tensor };

/// A picture, as a PNG file.
struct image_value {
  i64 height = 0, width = 0, colorspace = 0;  // 1 grey, 3 RGB, 4 RGBA
  std::string encoded_image_string;
};
/// How numbers are distributed: bucket i holds those from limit i − 1 on and below limit i.
template <class Number>
struct basic_histogram_value {
  Number min = 0, max = 0, num = 0, sum = 0, sum_squares = 0;
  std::vector<Number> bucket_limit, bucket;
};
using histogram_value = basic_histogram_value<double>;
/// One value of a summary; `kind` tells which of the others is there.
template <class Text>
struct basic_event_value {
  Text tag;
  value_kind kind = value_kind::none;
  float simple_value = 0;
  image_value image;
  histogram_value histo;
  std::vector<Text> string_val;  // of a tensor
  Text plugin_name;              // "text" for texts
};
using event_value = basic_event_value<std::string>;
/// One record of an event file, with the names of TensorFlow's Event.
template <class Text>
struct basic_event {
  double wall_time = 0;  // in seconds since 1970
  i64 step = 0;
  Text file_version, graph_def;
  struct {
    std::vector<basic_event_value<Text>> value;
  } summary;
};
using event = basic_event<std::string>;

namespace detail {
/// Fields of an Event that hold something.
inline constexpr int file_version_field = 3, graph_def_field = 4, summary_field = 5;

inline std::string event_bytes(double wall_time, i64 step, int field, std::string_view content) {
  message_writer out;
  if (wall_time != 0) out.add_double(1, wall_time);
  if (step != 0) out.add_number(2, step);
  out.add(field, content);
  return out.take();
}

template <class Number, class Bits>
Number number_of_bits(Bits bits) {
  static_assert(sizeof(Number) == sizeof(Bits));
  Number value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
template <class Numbers>
Numbers read_packed(io::cursor in) {
  Numbers out;
  while (!in.done()) out.push_back(number_of_bits<double>(in.fixed(8)));
  return out;
}
/// Calls `take(field)` for each field of a message inside the message that `file` names.
template <class Take>
void each_field(std::string_view bytes, char const* file, Take take) {
  io::cursor in(bytes, file);
  while (!in.done()) take(io::detail::next_field(in));
}
template <class Value>
Value read_histogram(std::string_view bytes, char const* file) {
  Value out;
  double* const totals[] = {&out.min, &out.max, &out.num, &out.sum, &out.sum_squares};
  each_field(bytes, file, [&](auto const& f) {
    if (f.number >= 1 && f.number <= 5 && f.wire == 1) *totals[f.number - 1] = number_of_bits<double>(f.value);
    if (f.number == 6) out.bucket_limit = read_packed<decltype(out.bucket_limit)>({f.text, file});
    if (f.number == 7) out.bucket = read_packed<decltype(out.bucket)>({f.text, file});
  });
  return out;
}
template <class Value>
Value read_image(std::string_view bytes, char const* file) {
  Value out;
  i64* const numbers[] = {&out.height, &out.width, &out.colorspace};
  each_field(bytes, file, [&](auto const& f) {
    if (f.number >= 1 && f.number <= 3) *numbers[f.number - 1] = static_cast<i64>(f.value);
    if (f.number == 4) out.encoded_image_string = f.text;
  });
  return out;
}
template <class Value = event_value>
Value read_value(std::string_view bytes, char const* file) {
  Value out;
  each_field(bytes, file, [&](auto const& f) {
    if (f.number == 1) out.tag = f.text;
    if (f.number == 2 && f.wire == 5) {
      out.kind = value_kind::simple_value;
      out.simple_value = number_of_bits<float>(static_cast<std::uint32_t>(f.value));
    } else if (f.number == 4) {
      out.kind = value_kind::image;
      out.image = read_image<decltype(out.image)>(f.text, file);
    } else if (f.number == 5) {
      out.kind = value_kind::histo;
      out.histo = read_histogram<decltype(out.histo)>(f.text, file);
    } else if (f.number == 8) {
      out.kind = value_kind::tensor;
      each_field(f.text, file, [&](auto const& t) {
        if (t.number == 8) out.string_val.emplace_back(t.text);
      });
    } else if (f.number == 9) {
      each_field(f.text, file, [&](auto const& m) {
        if (m.number != 1) return;
        each_field(m.text, file, [&](auto const& p) {
          if (p.number == 1) out.plugin_name = p.text;
        });
      });
    }
  });
  return out;
}
/// Fields that it does not know are left out. `file` is what an error calls the record.
template <class Event = event>
Event read_event(std::string_view bytes, char const* file) {
  Event out;
  each_field(bytes, file, [&](auto const& f) {
    if (f.number == 1 && f.wire == 1) out.wall_time = number_of_bits<double>(f.value);
    if (f.number == 2) out.step = static_cast<i64>(f.value);
    if (f.number == file_version_field) out.file_version = f.text;
    if (f.number == graph_def_field) out.graph_def = f.text;
    if (f.number != summary_field) return;
    each_field(f.text, file, [&](auto const& v) {
      if (v.number == 1)
        out.summary.value.push_back(read_value<basic_event_value<decltype(out.graph_def)>>(v.text, file));
    });
  });
  return out;
}
}  // namespace detail

}  // namespace summary
TFX_END
