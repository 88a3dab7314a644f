// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <tfx/io/cursor.hpp>
#include <tfx/io/tensors.hpp>

TFX_BEGIN
namespace io {
namespace detail {

// A .npy file of NumPy's: a header that is a Python dict, padded to a multiple of 64 bytes, and the elements.

/// The code for a dtype, or null. Quantized numbers are structures of one field, as TensorFlow's are.
inline char const* npy_code(dtype type) {
  switch (type) {
    case dtype::boolean:
      return "|b1";
    case dtype::uint8:
      return "|u1";
    case dtype::int8:
      return "|i1";
    case dtype::uint16:
      return "<u2";
    case dtype::int16:
      return "<i2";
    case dtype::uint32:
      return "<u4";
    case dtype::int32:
      return "<i4";
    case dtype::uint64:
      return "<u8";
    case dtype::int64:
      return "<i8";
    case dtype::float32:
      return "<f4";
    case dtype::float64:
      return "<f8";
    case dtype::qint8:
      return "[('qint8', '|i1')]";
    case dtype::quint8:
      return "[('quint8', '|u1')]";
    case dtype::qint32:
      return "[('qint32', '<i4')]";
    case dtype::complex64:
      return "<c8";
    case dtype::complex128:
      return "<c16";
    default:
      return nullptr;
  }
}
template <class Text = std::string>
Text npy_header(char const* code, dims const& shape) {
  char const* const quote = code[0] == '[' ? "" : "'";
  Text dict = Text("{'descr': ") + quote + code + quote + ", 'fortran_order': False, 'shape': (";
  for (int k = 0; k < shape.rank; ++k)
    dict += std::to_string(shape[k]) + (shape.rank == 1 ? "," : k + 1 < shape.rank ? ", " : "");
  dict += "), }";
  dict.resize((10 + dict.size() + 1 + 63) / 64 * 64 - 11, ' ');
  dict += '\n';
  Text out = "\x93NUMPY";
  out += '\1';
  out += '\0';
  put_fixed(out, dict.size(), 2);
  return out + dict;
}

/// What such a header tells.
struct npy_layout {
  dtype type = dtype::none;
  dims shape{};
  bool by_columns = false;  // the first axis varies fastest
  std::size_t size = 0;     // of the header
};
/// Reads a header that stands at the front of `bytes`.
template <class = void>
[[gnu::noinline]] npy_layout read_npy_header(std::string_view bytes, char const* file) {
  cursor in(bytes, file);
  if (bytes.size() < 10 || in.take(6) != "\x93NUMPY") in.refuse("holds a member that is no .npy file");
  u64 const version = in.fixed(1);
  in.fixed(1);
  if (version < 1 || version > 3) in.refuse("holds a .npy file of an unknown version");
  std::string_view const dict = in.take(in.fixed(version == 1 ? 2 : 4));
  npy_layout result;
  result.size = bytes.size() - in.left();
  auto const value_of = [&](std::string_view key) {
    std::size_t at = dict.find(key);
    if (at == std::string_view::npos) in.refuse("holds a .npy file whose header lacks a part");
    at = dict.find_first_not_of(": ", at + key.size());
    return at == std::string_view::npos ? std::string_view() : dict.substr(at);
  };
  std::string_view const descr = value_of("'descr'"), order = value_of("'fortran_order'"), shape = value_of("'shape'");
  result.by_columns = order.substr(0, 4) == "True";
  if (!result.by_columns && order.substr(0, 5) != "False") in.refuse("holds a .npy file without an order");
  bool const is_structure = !descr.empty() && descr[0] == '[', is_plain = !descr.empty() && descr[0] == '\'';
  if (is_plain || is_structure) {
    std::string_view const code =
        is_plain ? descr.substr(1, descr.find('\'', 1) - 1) : descr.substr(0, descr.find(']') + 1);
    for (int type = 1; type < 64; ++type) {
      char const* const own = npy_code(static_cast<dtype>(type));
      // A byte has no order: '|' or any.
      if (own && (code == own || (own[0] == '|' && code.size() == 3 && code.substr(1) == own + 1)))
        result.type = static_cast<dtype>(type);
    }
  }
  std::size_t at = 1;
  if (shape.empty() || shape[0] != '(') in.refuse("holds a .npy file without a shape");
  for (;;) {
    while (at < shape.size() && (shape[at] == ' ' || shape[at] == ',' || shape[at] == 'L')) ++at;
    if (at < shape.size() && shape[at] == ')') break;
    i64 extent = 0;
    std::size_t const begin = at;
    for (; at < shape.size() && shape[at] >= '0' && shape[at] <= '9'; ++at)
      if (__builtin_mul_overflow(extent, i64{10}, &extent) ||
          __builtin_add_overflow(extent, i64{shape[at] - '0'}, &extent))
        in.refuse("holds a .npy file whose extents are too large");
    if (at == begin) in.refuse("holds a .npy file without a shape");
    if (result.shape.rank == max_rank) {
      result.type = dtype::none;
      break;
    }
    result.shape.push_back(extent);
  }
  return result;
}
/// Copies elements of which the first axis varies fastest so that the last one does.
template <class = void>
[[gnu::noinline]] void turn_columns(char const* from, dims const& shape, std::size_t item, char* to) {
  i64 count = 0, at[max_rank] = {};
  count_elements(shape, count);
  for (i64 i = 0; i < count; ++i) {
    i64 place = 0;
    for (int k = shape.rank - 1; k >= 0; --k) place = place * shape[k] + at[k];
    std::memcpy(to, from + static_cast<std::size_t>(place) * item, item);
    to += item;
    for (int k = shape.rank - 1; k >= 0 && ++at[k] == shape[k]; --k) at[k] = 0;
  }
}

}  // namespace detail
}  // namespace io
TFX_END
