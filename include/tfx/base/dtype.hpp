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
  qint8 = 11,
  quint8 = 12,
  qint32 = 13,
  uint16 = 17,
  complex128 = 18,
  uint32 = 22,
  uint64 = 23,
};

/// A whole number that stands for a real one, which a range that goes beside its tensor tells (op/quantize/). It has no
/// arithmetic: `dequantize` gives floats, `cast` the whole numbers.
template <class Held>
struct quantized {
  using held_type = Held;
  Held value;

  quantized() = default;
  constexpr explicit quantized(Held v) : value(v) {}
  friend constexpr bool operator==(quantized, quantized) = default;
  template <class Stream>
    requires requires(Stream& out) { out.put('0'); }
  friend Stream& operator<<(Stream& out, quantized q) {
    out << +q.value;
    return out;
  }
};
struct qint8 : quantized<std::int8_t> {
  using quantized::quantized;
};
struct quint8 : quantized<std::uint8_t> {
  using quantized::quantized;
};
struct qint32 : quantized<std::int32_t> {
  using quantized::quantized;
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
TFX_DTYPE(qint8, tfx::qint8)
TFX_DTYPE(quint8, tfx::quint8)
TFX_DTYPE(qint32, tfx::qint32)
TFX_DTYPE(uint16, std::uint16_t)
TFX_DTYPE(complex128, std::complex<double>)
TFX_DTYPE(uint32, std::uint32_t)
TFX_DTYPE(uint64, std::uint64_t)
#undef TFX_DTYPE
template <>
struct type_of_dtype<dtype::none> {
  using type = void;
};
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
constexpr bool is_quantized(dtype d) { return d == dtype::qint8 || d == dtype::quint8 || d == dtype::qint32; }
/// Real numbers: those that have an order.
constexpr bool is_number(dtype d) {
  return d != dtype::none && d != dtype::string && d != dtype::boolean && !is_complex(d) && !is_quantized(d);
}
constexpr bool is_integer(dtype d) { return is_number(d) && !is_floating(d); }
/// Of the parts of a complex number, and a real dtype itself.
constexpr dtype real_part_of(dtype d) {
  return d == dtype::complex64 ? dtype::float32 : d == dtype::complex128 ? dtype::float64 : d;
}
/// What quantized numbers are in memory, and in every kernel; another dtype itself.
constexpr dtype held_as(dtype d) {
  return d == dtype::qint8 ? dtype::int8 : d == dtype::quint8 ? dtype::uint8 : d == dtype::qint32 ? dtype::int32 : d;
}

namespace detail {
template <class T>
concept quantized_type = requires { typename T::held_type; } && __is_base_of(quantized<typename T::held_type>, T);
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
    case dtype::qint32:
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
    case dtype::qint8:
      return "qint8";
    case dtype::quint8:
      return "quint8";
    case dtype::qint32:
      return "qint32";
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
