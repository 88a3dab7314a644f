// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstring>
#include <string>
#include <tfx/base/dtype.hpp>
#include <tfx/shape/dims.hpp>
#include <tfx/tensor/container.hpp>
#include <vector>

TFX_BEGIN

// What a tensor can be fed with, and what a fetch gives back.

namespace detail {

template <class V>
concept xtensor_like = requires(V const& v) {
  v.shape();
  v.dimension();
  v.begin();
};
template <class V>
concept range_like = !xtensor_like<V> && requires(V const& v) {
  v.data();
  v.size();
} && element<std::remove_cvref_t<decltype(*std::declval<V const&>().data())>>;

template <class Shape>
constexpr dims shape_known_of(Shape const*) {
  return {dims::unknown_rank, {}};
}
template <class I, std::size_t N>
constexpr dims shape_known_of(std::array<I, N> const*) {
  dims shape;
  for (std::size_t i = 0; i < N; ++i) shape.push_back(dims::unknown);
  return shape;
}
template <std::size_t... X>
constexpr dims shape_known_of(xt::fixed_shape<X...> const*) {
  return {sizeof...(X), {static_cast<i64>(X)...}};
}

/// A shape where a container keeps it, whose unsigned extents are read as signed ones of the same size.
struct shape_view {
  int rank;
  i64 const* extent;
};

/// What the type of a fed value says of its shape, and how to read it: where its elements lie in row-major order, if
/// they do.
template <class V>
struct value_traits;

template <class V>
  requires element<V>
struct value_traits<V> {
  using value_type = V;
  static constexpr dims shape{};
  static dims shape_of(V const&) { return {}; }
  static constexpr bool is_contiguous = true;
  static V const* contiguous(V const& v) { return &v; }
};
template <std::size_t N>
struct value_traits<char[N]> {  // a string literal is a string
  using value_type = std::string;
  static constexpr dims shape{};
  static dims shape_of(char const (&)[N]) { return {}; }
  static constexpr bool is_contiguous = false;
  template <class To>
  static void copy(char const (&v)[N], To*& out) {
    *out++ = v;
  }
};
template <>
struct value_traits<char const*> {  // one of a list of them
  using value_type = std::string;
  static constexpr dims shape{};
  static dims shape_of(char const*) { return {}; }
  static constexpr bool is_contiguous = false;
  template <class To>
  static void copy(char const* v, To*& out) {
    *out++ = v;
  }
};
template <class U, std::size_t N>
struct value_traits<U[N]> {
  using inner = value_traits<U>;
  using value_type = typename inner::value_type;
  static constexpr dims extend() {
    dims s;
    s.push_back(static_cast<i64>(N));
    for (int i = 0; i < inner::shape.rank; ++i) s.push_back(inner::shape[i]);
    return s;
  }
  static constexpr dims shape = extend();
  static dims const& shape_of(U const (&)[N]) { return shape; }
  static constexpr bool is_contiguous = inner::is_contiguous;
  static value_type const* contiguous(U const (&v)[N]) { return inner::contiguous(v[0]); }
  template <class To>
  static void copy(U const (&v)[N], To*& out) {
    for (U const& item : v) inner::copy(item, out);
  }
};
template <class V>
  requires range_like<V>
struct value_traits<V> {
  using value_type = std::remove_cvref_t<decltype(*std::declval<V const&>().data())>;
  static constexpr dims shape{1, {dims::unknown}};
  static dims shape_of(V const& v) { return {1, {static_cast<i64>(v.size())}}; }
  static constexpr bool is_contiguous = true;
  static value_type const* contiguous(V const& v) { return v.data(); }
};
template <class Allocator>
struct value_traits<std::vector<bool, Allocator>> {
  using V = std::vector<bool, Allocator>;
  using value_type = bool;
  static constexpr dims shape{1, {dims::unknown}};
  static dims shape_of(V const& v) { return {1, {static_cast<i64>(v.size())}}; }
  static constexpr bool is_contiguous = false;
  template <class To>
  static void copy(V const& v, To*& out) {
    for (bool b : v) *out++ = static_cast<To>(b);
  }
};
template <class V>
  requires xtensor_like<V>
struct value_traits<V> {
  using value_type = typename V::value_type;
  static constexpr dims shape =
      shape_known_of(static_cast<std::remove_cvref_t<typename V::shape_type> const*>(nullptr));
  static auto shape_of(V const& v) {
    if constexpr (sizeof(std::size_t) == sizeof(i64) && requires {
                    static_cast<std::size_t const*>(v.shape().data());
                  } && std::is_reference_v<decltype(v.shape())>) {
      return shape_view{static_cast<int>(v.dimension()), reinterpret_cast<i64 const*>(v.shape().data())};
    } else {
      dims s;
      s.rank = static_cast<int>(v.dimension());
      for (int i = 0; i < s.rank && i < max_rank; ++i)
        s.extent[i] = static_cast<i64>(v.shape()[static_cast<std::size_t>(i)]);
      return s;
    }
  }
  static constexpr bool find_contiguous() {
    if constexpr (requires(V const& v) {
                    v.data();
                    V::static_layout;
                  }) {
      return V::static_layout == xt::layout_type::row_major;
    } else {
      return false;
    }
  }
  static constexpr bool is_contiguous = find_contiguous();
  static value_type const* contiguous(V const& v) { return v.data(); }
  template <class To>
  static void copy(V const& v, To*& out) {
    for (auto it = v.template begin<xt::layout_type::row_major>(); it != v.template end<xt::layout_type::row_major>();
         ++it)
      *out++ = static_cast<To>(*it);
  }
};

/// Copies the elements of a fed value, in row-major order, as T.
template <class T, class V>
void copy_value(V const& v, T* out, i64 count) {
  using traits = value_traits<V>;
  if constexpr (traits::is_contiguous) {
    auto const* const from = traits::contiguous(v);
    for (i64 i = 0; i < count; ++i) {
      if constexpr (std::is_same_v<T, std::string>) {
        out[i] = from[i];
      } else {
        out[i] = static_cast<T>(from[i]);
      }
    }
  } else {
    traits::copy(v, out);
  }
}

}  // namespace detail

/// What can be fed: a number, a string, a list, a contiguous range, any xtensor container or expression.
template <class V>
concept feedable = requires { detail::value_traits<V>::shape; };

/// What a fetch of dtype T and a rank gives: a plain T, or an xtensor container.
template <class T, int Rank>
using fetched = std::conditional_t<Rank == 0, T, xt::xtensor<T, static_cast<std::size_t>(Rank < 0 ? 0 : Rank)>>;

namespace detail {
template <class T, int Rank>
fetched<T, Rank> fetch_value(void const* from, [[maybe_unused]] i64 const* extents) {
  if constexpr (Rank == 0) {
    return *static_cast<T const*>(from);
  } else {
    std::array<std::size_t, static_cast<std::size_t>(Rank)> shape;
    for (std::size_t i = 0; i < shape.size(); ++i) shape[i] = static_cast<std::size_t>(extents[i]);
    fetched<T, Rank> to(shape);
    T const* const p = static_cast<T const*>(from);
    if constexpr (std::is_trivially_copyable_v<T>) {
      if (to.size() > 0) std::memcpy(to.data(), p, to.size() * sizeof(T));
    } else {
      for (std::size_t i = 0; i < to.size(); ++i) to.data()[i] = p[i];
    }
    return to;
  }
}
}  // namespace detail

TFX_END
