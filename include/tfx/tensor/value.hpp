// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <tfx/base/dtype.hpp>
#include <tfx/shape/dims.hpp>
#include <tfx/tensor/container.hpp>
#include <tfx/tensor/copy.hpp>
#include <vector>

TFX_BEGIN

// What a tensor can be fed with, and what a fetch gives back.

namespace detail {

/// How the elements of a value can be reached.
enum class value_layout : unsigned char {
  row_major,  // one after another in memory
  strided,    // in memory, with strides that a run looks at
  items,      // only one by one
};

/// The shape of a value whose type tells its rank.
template <int Rank>
struct shape_of_rank {
  static constexpr int rank = Rank;
  i64 extent[static_cast<std::size_t>(Rank > 0 ? Rank : 1)];
};

/// What the type of a fed value says of its shape, and how to read it.
template <class V>
struct value_traits;
template <class V>
concept has_value_traits = requires { value_traits<V>::shape; };

template <class Text>
struct text_traits {  // a C string is a string
  using value_type = std::string;
  static constexpr dims shape{};
  static constexpr shape_of_rank<0> shape_of(Text const&) { return {}; }
  static constexpr value_layout layout = value_layout::items;
  static void copy(Text const& v, auto& out) { out.put(v); }
};
template <std::size_t N>
struct value_traits<char[N]> : text_traits<char[N]> {};
template <>
struct value_traits<char const*> : text_traits<char const*> {};
template <>
struct value_traits<char*> : text_traits<char*> {};
template <>
struct value_traits<std::string_view> : text_traits<std::string_view> {};

template <class V>
  requires element<V>
struct value_traits<V> {
  using value_type = V;
  static constexpr dims shape{};
  static constexpr shape_of_rank<0> shape_of(V const&) { return {}; }
  static constexpr value_layout layout = value_layout::row_major;
  static constexpr bool is_dense = true;
  static V const* data(V const& v) { return &v; }
};

/// Elements that lie one after another inside the object itself: a number, arrays of numbers.
template <class V>
concept dense_value = requires { requires value_traits<V>::is_dense; };

// A shape of more dimensions than a tensor has keeps its rank, by which it is refused, and not all of its extents.
constexpr dims prefixed(i64 extent, dims const& inner) {
  dims s{inner.rank + 1, {extent}};
  for (int k = 1; k < s.rank && k < max_rank; ++k) s.extent[k] = inner.extent[k - 1];
  return s;
}
constexpr dims unknown_of_rank(int rank) {
  dims s{rank, {}};
  for (int k = 0; k < rank; ++k) s.extent[k] = dims::unknown;
  return s;
}
template <class Shape>
bool same_extents(Shape const& a, Shape const& b) {
  for (int k = 0; k < a.rank && k < max_rank; ++k)
    if (a.extent[k] != b.extent[k]) return false;
  return a.rank == b.rank;
}
dims as_dims(auto const& shape) {
  dims s{shape.rank, {}};
  for (int k = 0; k < shape.rank && k < max_rank; ++k) s.extent[k] = shape.extent[k];
  return s;
}
template <class T, class V>
void copy_value(V const& v, copier<T>& out);

/// A list of values of one type: its extent, then theirs.
template <class V, class Item, i64 Extent>
struct sequence_traits {
  using inner = value_traits<Item>;
  using value_type = typename inner::value_type;
  static_assert(inner::shape.rank < max_rank, "tfx: a tensor has at most 8 dimensions");
  static constexpr dims shape = inner::shape.is_known() ? prefixed(Extent, inner::shape) : dims{dims::unknown_rank, {}};
  static constexpr bool is_dense = Extent >= 0 && dense_value<Item>;
  static constexpr value_layout layout =
      dense_value<Item> && requires(V const& v) { std::data(v); } ? value_layout::row_major : value_layout::items;
  static value_type const* data(V const& v) {
    if constexpr (element<Item>) {
      return std::data(v);
    } else {
      return reinterpret_cast<value_type const*>(std::data(v));
    }
  }
  static auto shape_of(V const& v) {
    if constexpr (shape.is_known()) {
      shape_of_rank<shape.rank> result{{static_cast<i64>(std::size(v))}};
      if constexpr (shape.rank > 1) {
        for (int k = 1; k < shape.rank; ++k) result.extent[k] = shape[k] < 0 ? 0 : shape[k];
        if (result.extent[0] > 0) {
          auto const& item = inner::shape_of(*std::begin(v));
          for (int k = 1; k < shape.rank; ++k) result.extent[k] = item.extent[k - 1];
        }
      }
      return result;
    } else {
      return prefixed(static_cast<i64>(std::size(v)),
                      std::size(v) > 0 ? as_dims(inner::shape_of(*std::begin(v))) : dims{});
    }
  }
  static void copy(V const& v, auto& out) {
    if constexpr (element<Item>) {
      for (auto const& item : v) out.put(static_cast<Item const&>(item));
    } else {
      if (std::size(v) == 0) return;
      auto const wanted = inner::shape_of(*std::begin(v));
      for (auto const& item : v) {
        auto const given = inner::shape_of(item);
        if (!same_extents(given, wanted)) return out.refuse_ragged(as_dims(given), as_dims(wanted));
        copy_value(item, out);
      }
    }
  }
};
template <class U, std::size_t N>
  requires has_value_traits<U>
struct value_traits<U[N]> : sequence_traits<U[N], U, static_cast<i64>(N)> {};
template <class U, std::size_t N>
  requires has_value_traits<U>
struct value_traits<std::array<U, N>> : sequence_traits<std::array<U, N>, U, static_cast<i64>(N)> {};

template <class V>
concept xtensor_like = !element<V> && requires(V const& v) {
  v.shape();
  v.dimension();
  v.begin();
} && element<std::remove_cv_t<typename V::value_type>>;
template <class V>
concept sequence = !element<V> && !xtensor_like<V> && requires(V const& v) {
  v.begin();
  v.end();
  v.size();
  typename V::value_type;
} && !std::is_same_v<V, std::string_view> && has_value_traits<std::remove_cv_t<typename V::value_type>>;
template <class V>
  requires sequence<V>
struct value_traits<V> : sequence_traits<V, std::remove_cv_t<typename V::value_type>, dims::unknown> {};

template <class Shape>
constexpr dims shape_known_of(Shape const*) {
  return {dims::unknown_rank, {}};
}
template <class I, std::size_t N>
constexpr dims shape_known_of(std::array<I, N> const*) {
  return unknown_of_rank(N);
}
template <std::size_t... X>
constexpr dims shape_known_of(xt::fixed_shape<X...> const*) {
  return {sizeof...(X), {static_cast<i64>(X)...}};
}

/// Containers, views and expressions of xtensor.
template <class V>
  requires xtensor_like<V>
struct value_traits<V> {
  using value_type = std::remove_cv_t<typename V::value_type>;
  static constexpr dims shape =
      shape_known_of(static_cast<std::remove_cvref_t<typename V::shape_type> const*>(nullptr));
  static auto numbers(V const& v, auto const& list) {
    if constexpr (shape.is_known()) {
      shape_of_rank<shape.rank> result{};
      for (int k = 0; k < shape.rank; ++k) result.extent[k] = static_cast<i64>(list[static_cast<std::size_t>(k)]);
      return result;
    } else {
      dims result;
      result.rank = static_cast<int>(v.dimension());
      for (int k = 0; k < result.rank && k < max_rank; ++k)
        result.extent[k] = static_cast<i64>(list[static_cast<std::size_t>(k)]);
      return result;
    }
  }
  static auto shape_of(V const& v) { return numbers(v, v.shape()); }

  static constexpr value_layout find_layout() {
    if constexpr (requires(V const& v) {
                    v.data() + v.data_offset();
                    v.strides();
                    // ravel's result says that it has data(), which then does not compile.
                    requires std::is_same_v<std::remove_cv_t<std::remove_pointer_t<decltype(v.storage().data())>>,
                                            value_type>;
                  }) {
      return V::static_layout == xt::layout_type::row_major ? value_layout::row_major : value_layout::strided;
    } else {
      return value_layout::items;
    }
  }
  static constexpr value_layout layout = find_layout();
  static value_type const* data(V const& v) { return v.data() + v.data_offset(); }
  static auto strides(V const& v) { return numbers(v, v.strides()); }
  static void copy(V const& v, auto& out) {
    auto const end = v.template end<xt::layout_type::row_major>();
    for (auto it = v.template begin<xt::layout_type::row_major>(); it != end; ++it)
      out.put(static_cast<value_type const&>(*it));
  }
};

/// How many elements a value of this shape has; none where its rank is beyond what any tensor has.
i64 count_of(auto const& shape) {
  i64 count = shape.rank <= max_rank ? 1 : 0;
  for (int k = 0; k < shape.rank && k < max_rank; ++k) count *= shape.extent[k];
  return count;
}

/// Copies the elements of a value in row-major order.
template <class T, class V>
void copy_value(V const& v, copier<T>& out) {
  using traits = value_traits<V>;
  if constexpr (traits::layout == value_layout::row_major) {
    auto const shape = traits::shape_of(v);
    if (i64 const count = count_of(shape); count > 0) out.put_plane(traits::data(v), 1, count, 0, 1);
  } else if constexpr (traits::layout == value_layout::strided) {
    auto const shape = traits::shape_of(v);
    auto const strides = traits::strides(v);
    if (shape.rank <= max_rank) copy_strided(out, traits::data(v), shape.rank, shape.extent, strides.extent);
  } else {
    if (traits::shape_of(v).rank <= max_rank) traits::copy(v, out);
  }
}
/// The same as T; elements that T does not hold are refused in the name of a tensor, or of none.
template <class T, class V>
void convert_value(V const& v, T* to, std::string_view tensor = {}) {
  copier<T> out{to};
  copy_value(v, out);
  if (out.fault.why != copy_fault::reason::none) refuse_value(out.fault, dtype_of<T>, tensor);
}

}  // namespace detail

/// What can be fed: a number, a string, a list, a range, any xtensor container, view or expression.
template <class V>
concept feedable = detail::has_value_traits<V>;

namespace detail {
/// Text for text, numbers for numbers; complex ones for complex ones alone, quantized ones for those of their dtype,
/// which take whole numbers too.
template <class From, class To>
concept taken_as =
    std::is_same_v<From, std::string> == std::is_same_v<To, std::string> &&
    (!is_complex_type<From> || is_complex_type<To>) && (!quantized_type<From> || std::is_same_v<From, To>) &&
    (!quantized_type<To> || !(std::is_floating_point_v<From> || std::is_same_v<From, bool>));
template <class V, class T>
concept feedable_as = feedable<V> && taken_as<typename value_traits<V>::value_type, T>;
/// What a tensor of dtype T can be fed; one without a shape takes what tells its rank.
template <class V, class T, int Rank>
concept value_for = feedable_as<V, T> && (Rank >= 0 || value_traits<V>::shape.is_known());
}  // namespace detail

/// What a fetch of dtype T and a rank gives: a plain T, or an xtensor container in row-major order.
template <class T, int Rank>
using fetched = std::conditional_t<Rank == 0, T, row_major_tensor<T, static_cast<std::size_t>(Rank < 0 ? 0 : Rank)>>;

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
