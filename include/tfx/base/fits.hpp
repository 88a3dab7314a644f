// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <limits>
#include <tfx/base/dtype.hpp>
#include <tfx/base/raise.hpp>

TFX_BEGIN

namespace detail {
/// Whether a number is one that `To` holds. Floating dtypes take every number, rounded, and beyond their range an
/// infinity, as TensorFlow does; complex ones all, and nothing else takes those; whole numbers, quantized ones and bool
/// take what is exactly theirs.
template <class To, class From>
constexpr bool fits(From v) {
  if constexpr (is_complex_type<From> && !is_complex_type<To>) {
    return false;
  } else if constexpr (std::is_same_v<To, From> || is_complex_type<To> || std::is_floating_point_v<To> ||
                       std::is_same_v<From, bool>) {
    return true;
  } else if constexpr (quantized_type<To>) {
    return fits<typename To::held_type>(v);
  } else if constexpr (std::is_same_v<To, bool>) {
    return v == From(0) || v == From(1);
  } else if constexpr (std::is_floating_point_v<From>) {
    constexpr From below = static_cast<From>(std::numeric_limits<To>::min());
    constexpr From above = static_cast<From>(std::numeric_limits<To>::max() / 2 + 1) * 2;  // a power of two: exact
    return v >= below && v < above && static_cast<From>(static_cast<To>(v)) == v;
  } else {
    To const t = static_cast<To>(v);
    return static_cast<From>(t) == v && (t < To(0)) == (v < From(0));
  }
}
/// The number as To, and anything where it does not fit.
template <class To, class From>
constexpr To converted(From v) {
  if constexpr (is_complex_type<To>) {
    using R = typename To::value_type;
    if constexpr (is_complex_type<From>) {
      return To(static_cast<R>(v.real()), static_cast<R>(v.imag()));
    } else {
      return To(static_cast<R>(v));
    }
  } else if constexpr (is_complex_type<From>) {
    return To();
  } else if constexpr (std::is_same_v<To, From>) {
    return v;
  } else if constexpr (quantized_type<To>) {
    return To(converted<typename To::held_type>(v));
  } else if constexpr (std::is_floating_point_v<From> && !std::is_floating_point_v<To>) {
    return fits<To>(v) ? static_cast<To>(v) : To();
  } else {
    return static_cast<To>(v);
  }
}

/// A number of any C++ type, as mixed lists hold them: `{1, 2.5f, true}`.
struct any_number {
  enum class held : unsigned char { floating, whole, natural } kind = held::whole;
  union {
    double floating;
    i64 whole = 0;
    u64 natural;
  };

  constexpr any_number() = default;
  template <class V>
    requires std::is_arithmetic_v<V>
  constexpr any_number(V v) {  // NOLINT: stands for the number
    if constexpr (std::is_floating_point_v<V>) {
      kind = held::floating;
      floating = static_cast<double>(v);
    } else if constexpr (std::is_signed_v<V>) {
      whole = static_cast<i64>(v);
    } else {
      kind = held::natural;
      natural = static_cast<u64>(v);
    }
  }
  // Only braces look here, and find two: one pair of them too many around a number.
  template <class V>
    requires std::is_arithmetic_v<V>
  explicit any_number(V const& v) = delete;

  /// Calls `f` with the number as double, i64 or u64.
  constexpr auto visit(auto f) const {
    return kind == held::floating ? f(floating) : kind == held::whole ? f(whole) : f(natural);
  }
};

/// The same for lists that hold complex numbers: `{1, 2.5f, std::complex<float>(0, 1)}`.
struct any_complex {
  std::complex<double> value;

  constexpr any_complex() = default;
  template <class V>
    requires std::is_arithmetic_v<V>
  constexpr any_complex(V v) : value(static_cast<double>(v)) {}  // NOLINT: stands for the number
  template <class R>
  constexpr any_complex(std::complex<R> v) : value(v) {}  // NOLINT
  // Only braces look here, and find two: one pair of them too many around a number.
  template <class V>
    requires std::is_arithmetic_v<V>
  explicit any_complex(V const& v) = delete;
};

/// A number as a message spells it.
struct number_text {
  char text[40] = {};

  [[gnu::cold]] [[gnu::noinline]] explicit number_text(any_number v) {
    if (v.kind == any_number::held::floating) {
      std::snprintf(text, sizeof text, v.floating != v.floating ? "nan" : "%.9g", v.floating);  // printf signs a NaN
    } else if (v.kind == any_number::held::whole) {
      std::snprintf(text, sizeof text, "%lld", static_cast<long long>(v.whole));
    } else {
      std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(v.natural));
    }
  }
};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_number(any_number v, dtype wanted) {
  raise<errors::InvalidArgumentError>("The number %s does not fit dtype %s\nhelp: tf::cast, or a number of that dtype",
                                      number_text(v).text, to_string(wanted).data());
}
/// A plain number as an element of a tensor, refused where it does not fit.
template <class To, class From>
constexpr To fitted(From v) {
  if constexpr (std::is_same_v<To, From>) {
    return v;
  } else if constexpr (is_complex_type<To> || is_complex_type<From>) {
    static_assert(is_complex_type<To>,
                  "tfx: a complex number is no real one: write x.real(), or make the tensor complex");
    return converted<To>(v);
  } else {
    if (!fits<To>(v)) refuse_number(v, dtype_of<To>);
    return converted<To>(v);
  }
}
}  // namespace detail

TFX_END
