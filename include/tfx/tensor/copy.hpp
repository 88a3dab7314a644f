// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <tfx/base/fits.hpp>
#include <tfx/shape/extents_text.hpp>

TFX_BEGIN

// How the elements of a fed value come into memory of the tensor's dtype.

namespace detail {

/// Why a value cannot be taken: what the message says of it.
struct copy_fault {
  enum class reason : unsigned char { none, number, ragged } why = reason::none;
  any_number number{};
  dims item{}, wanted{};
};

/// Refuses what is given for a tensor: `for Tensor 'x:0'`, or nothing for a constant.
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_value(copy_fault const& fault, dtype wanted,
                                                                      std::string_view tensor) {
  int const size = static_cast<int>(tensor.size());
  char const *const before = size > 0 ? " for Tensor '" : "", *const after = size > 0 ? ":0'" : "";
  if (fault.why == copy_fault::reason::ragged)
    raise<errors::InvalidArgumentError>(
        "Argument must be a dense tensor: the value%s%.*s%s is ragged - got shape %s, but wanted %s", before, size,
        tensor.data(), after, extents_text(fault.item.rank, fault.item.extent).text,
        extents_text(fault.wanted.rank, fault.wanted.extent).text);
  raise<errors::InvalidArgumentError>(
      "The value %s%s%.*s%s does not fit dtype %s\nhelp: give numbers of that dtype, or a tensor of a larger one",
      number_text(fault.number).text, before, size, tensor.data(), after, to_string(wanted).data());
}

/// Copies a plane of numbers into row-major order as `To`; strides count elements. True where all fit.
template <class To, class From>
[[gnu::noinline]] bool copy_plane(To* TFX_RESTRICT to, From const* from, i64 rows, i64 columns, i64 row_stride,
                                  i64 column_stride) {
  bool misfit = false;
  if (column_stride == 1) {
    for (i64 r = 0; r < rows; ++r, to += columns, from += row_stride) {
      if constexpr (std::is_same_v<To, From>) {
        if (columns > 0) std::memcpy(to, from, static_cast<std::size_t>(columns) * sizeof(To));
      } else {
        for (i64 c = 0; c < columns; ++c) {
          misfit |= !fits<To>(from[c]);
          to[c] = converted<To>(from[c]);
        }
      }
    }
    return !misfit;
  }
  // Tiles, so that a transposed plane is read and written by whole cache lines.
  constexpr i64 tile = 32;
  for (i64 first_row = 0; first_row < rows; first_row += tile)
    for (i64 first = 0; first < columns; first += tile)
      for (i64 r = first_row; r < rows && r < first_row + tile; ++r)
        for (i64 c = first; c < columns && c < first + tile; ++c) {
          From const v = from[r * row_stride + c * column_stride];
          misfit |= !fits<To>(v);
          to[r * columns + c] = converted<To>(v);
        }
  return !misfit;
}
/// The first number of such a plane that does not fit.
template <class To, class From>
[[gnu::cold]] [[gnu::noinline]] any_number first_misfit(From const* from, i64 rows, i64 columns, i64 row_stride,
                                                        i64 column_stride) {
  for (i64 r = 0; r < rows; ++r)
    for (i64 c = 0; c < columns; ++c)
      if (From const v = from[r * row_stride + c * column_stride]; !fits<To>(v)) return v;
  return {};
}

/// Where copied elements go: element by element, or a strided plane at once.
template <class T>
struct copier {
  T* to;
  copy_fault fault{};

  template <class From>
  void put(From const& v) {
    if constexpr (std::is_same_v<T, std::string> || quantized_type<From>) {
      *to++ = v;
    } else if constexpr (std::is_same_v<From, any_number>) {
      v.visit([&](auto number) { put(number); });
    } else if constexpr (is_complex_type<T>) {
      *to++ = converted<T>(v);
    } else {
      if (!fits<T>(v)) refuse(v);
      *to++ = converted<T>(v);
    }
  }
  template <class From>
  void put_plane(From const* from, i64 rows, i64 columns, i64 row_stride, i64 column_stride) {
    if constexpr (is_complex_type<T> || quantized_type<From>) {  // all fit
      copy_plane(to, from, rows, columns, row_stride, column_stride);
      to += rows * columns;
    } else if constexpr (std::is_arithmetic_v<From>) {
      if (!copy_plane(to, from, rows, columns, row_stride, column_stride))
        refuse(first_misfit<T>(from, rows, columns, row_stride, column_stride));
      to += rows * columns;
    } else {
      for (i64 r = 0; r < rows; ++r)
        for (i64 c = 0; c < columns; ++c) put(from[r * row_stride + c * column_stride]);
    }
  }
  /// An item of a list whose other items have another shape.
  [[gnu::cold]] [[gnu::noinline]] void refuse_ragged(dims const& item, dims const& wanted) {
    if (fault.why == copy_fault::reason::none) fault = {copy_fault::reason::ragged, {}, item, wanted};
  }

 private:
  [[gnu::cold]] [[gnu::noinline]] void refuse(any_number v) {
    if (fault.why == copy_fault::reason::none) fault = {copy_fault::reason::number, v, {}, {}};
  }
};

/// Copies a strided array of any rank, in row-major order.
template <class T, class From>
void copy_strided(copier<T>& out, From const* from, int rank, i64 const* extent, i64 const* stride) {
  for (int k = 0; k < rank; ++k)
    if (extent[k] == 0) return;
  int const outer = rank > 2 ? rank - 2 : 0;
  i64 const columns = rank > 0 ? extent[rank - 1] : 1, column_stride = rank > 0 ? stride[rank - 1] : 1;
  i64 const rows = rank > 1 ? extent[rank - 2] : 1, row_stride = rank > 1 ? stride[rank - 2] : 0;
  i64 at[max_rank] = {};
  for (;;) {
    out.put_plane(from, rows, columns, row_stride, column_stride);
    int k = outer - 1;
    for (; k >= 0; --k) {
      from += stride[k];
      if (++at[k] < extent[k]) break;
      from -= stride[k] * extent[k];
      at[k] = 0;
    }
    if (k < 0) return;
  }
}
/// Whether the elements lie one after another in row-major order. An array of more dimensions than a tensor has is
/// refused by its rank, before anybody looks.
inline bool is_row_major(int rank, i64 const* extent, i64 const* stride) {
  i64 step = 1;
  bool dense = true;
  for (int k = rank <= max_rank ? rank - 1 : -1; k >= 0; --k) {
    if (extent[k] == 0) return true;
    if (extent[k] != 1 && stride[k] != step) dense = false;
    step *= extent[k];
  }
  return dense;
}

}  // namespace detail

TFX_END
