// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <complex>
#include <string>
#include <string_view>
#include <tfx/base/config.hpp>
#include <type_traits>

TFX_BEGIN

/// Element types, with the numbers of TensorFlow's DataType.
enum class dtype : unsigned char {
  none = 0,
  float32 = 1,
  float64 = 2,
  int32 = 3,
  uint8 = 4,
  int16 = 5,
  int8 = 6,
  string = 7,
  complex64 = 8,
  int64 = 9,
  boolean = 10,
  uint16 = 17,
  complex128 = 18,
  uint32 = 22,
  uint64 = 23,
};

namespace detail {
template <class T>
struct dtype_of_type;
template <dtype D>
struct type_of_dtype;
#define TFX_DTYPE(D, ...)                    \
  template <>                                \
  struct dtype_of_type<__VA_ARGS__> {        \
    static constexpr dtype value = dtype::D; \
  };                                         \
  template <>                                \
  struct type_of_dtype<dtype::D> {           \
    using type = __VA_ARGS__;                \
  };
TFX_DTYPE(float32, float)
TFX_DTYPE(float64, double)
TFX_DTYPE(int32, std::int32_t)
TFX_DTYPE(uint8, std::uint8_t)
TFX_DTYPE(int16, std::int16_t)
TFX_DTYPE(int8, std::int8_t)
TFX_DTYPE(string, std::string)
TFX_DTYPE(complex64, std::complex<float>)
TFX_DTYPE(int64, std::int64_t)
TFX_DTYPE(boolean, bool)
TFX_DTYPE(uint16, std::uint16_t)
TFX_DTYPE(complex128, std::complex<double>)
TFX_DTYPE(uint32, std::uint32_t)
TFX_DTYPE(uint64, std::uint64_t)
#undef TFX_DTYPE
/// Integers of one size and sign are one dtype, whichever of them the C library took for std::int64_t.
template <class T>
struct canonical_dtype {
  using type = T;
};
template <class Same, class I64, class I32>
struct sized_integer {
  using type = std::conditional_t<sizeof(Same) == sizeof(I64), I64, I32>;
};
template <>
struct canonical_dtype<int> : sized_integer<int, std::int64_t, std::int32_t> {};
template <>
struct canonical_dtype<long> : sized_integer<long, std::int64_t, std::int32_t> {};
template <>
struct canonical_dtype<long long> : sized_integer<long long, std::int64_t, std::int32_t> {};
template <>
struct canonical_dtype<unsigned> : sized_integer<unsigned, std::uint64_t, std::uint32_t> {};
template <>
struct canonical_dtype<unsigned long> : sized_integer<unsigned long, std::uint64_t, std::uint32_t> {};
template <>
struct canonical_dtype<unsigned long long> : sized_integer<unsigned long long, std::uint64_t, std::uint32_t> {};
template <class T>
using canonical_type = typename canonical_dtype<T>::type;
}  // namespace detail

template <class T>
inline constexpr dtype dtype_of = detail::dtype_of_type<detail::canonical_type<std::remove_cv_t<T>>>::value;
template <dtype D>
using type_of = typename detail::type_of_dtype<D>::type;

/// A C++ type that a tensor can hold.
template <class T>
concept element = requires { detail::dtype_of_type<detail::canonical_type<T>>::value; };

constexpr bool is_floating(dtype d) { return d == dtype::float32 || d == dtype::float64; }
constexpr bool is_complex(dtype d) { return d == dtype::complex64 || d == dtype::complex128; }
/// Real numbers: those that have an order.
constexpr bool is_number(dtype d) {
  return d != dtype::none && d != dtype::string && d != dtype::boolean && !is_complex(d);
}
constexpr bool is_integer(dtype d) { return is_number(d) && !is_floating(d); }
/// Of the parts of a complex number, and a real dtype itself.
constexpr dtype real_part_of(dtype d) {
  return d == dtype::complex64 ? dtype::float32 : d == dtype::complex128 ? dtype::float64 : d;
}

namespace detail {
template <class T>
inline constexpr bool is_complex_type = false;
template <class T>
inline constexpr bool is_complex_type<std::complex<T>> = true;
template <class T>
struct real_part {
  using type = T;
};
template <class T>
struct real_part<std::complex<T>> {
  using type = T;
};
}  // namespace detail

constexpr int bytes_of(dtype d) {
  switch (d) {
    case dtype::complex128:
      return 16;
    case dtype::complex64:
    case dtype::float64:
    case dtype::int64:
    case dtype::uint64:
      return 8;
    case dtype::float32:
    case dtype::int32:
    case dtype::uint32:
      return 4;
    case dtype::int16:
    case dtype::uint16:
      return 2;
    case dtype::string:
      return static_cast<int>(sizeof(std::string));
    default:
      return 1;
  }
}

/// The word that TensorFlow prints for a dtype.
constexpr std::string_view to_string(dtype d) {
  switch (d) {
    case dtype::float32:
      return "float";
    case dtype::float64:
      return "double";
    case dtype::int32:
      return "int32";
    case dtype::uint8:
      return "uint8";
    case dtype::int16:
      return "int16";
    case dtype::int8:
      return "int8";
    case dtype::string:
      return "string";
    case dtype::complex64:
      return "complex64";
    case dtype::complex128:
      return "complex128";
    case dtype::int64:
      return "int64";
    case dtype::boolean:
      return "bool";
    case dtype::uint16:
      return "uint16";
    case dtype::uint32:
      return "uint32";
    case dtype::uint64:
      return "uint64";
    default:
      return "none";
  }
}

TFX_END
