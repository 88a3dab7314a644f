// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <tfx/op/array/slice.hpp>

TFX_BEGIN

/// How many zeros `pad` puts before and after each axis: `paddings<1, 1, 0, 2>` for a matrix.
template <i64... P>
struct paddings_t {};
template <i64... P>
inline constexpr paddings_t<P...> paddings{};

namespace detail {
template <i64... P>
struct pad_words {
  static_assert(sizeof...(P) % 2 == 0, "pad: two numbers for each axis, before and after");
  static_assert(((P >= 0) && ...), "pad: not less than no zeros");
  static constexpr int rank = sizeof...(P) / 2;
  static constexpr i64 at(int i) {
    constexpr i64 list[sizeof...(P) + 1] = {P..., 0};
    return i < static_cast<int>(sizeof...(P)) ? list[i] : 0;
  }
  template <std::size_t... I>
  static constexpr auto make(std::index_sequence<I...>) {
    return words<0, at(0), at(2), at(4), at(6), at(8), at(10), at(12), at(14), at(2 * static_cast<int>(I) + 1)...>{};
  }
  using type = decltype(make(std::make_index_sequence<static_cast<std::size_t>(rank)>{}));
};
}  // namespace detail

/// x with zeros before and after each axis: `pad(x, paddings<1, 1, 0, 2>)` makes a [2, 3] a [4, 5].
template <name Name = "", expression X, i64... P>
constexpr result_with<pad_op, Name, typename detail::pad_words<P...>::type, X> pad(X const& x, paddings_t<P...>) {
  return apply<pad_op, Name, typename detail::pad_words<P...>::type>(x);
}
/// How many zeros there are along one axis.
struct padding_of_axis {
  i64 before, after;
};
/// Inside functions over handles, of as many zeros as may be computed: `pad(x, {{1, 1}, {0, n}})`.
template <untyped X, class Op = pad_op>
constexpr X pad(X const& x, std::initializer_list<padding_of_axis> paddings) {
  i64 words[1 + 2 * max_rank] = {0};
  int rank = 0;
  for (padding_of_axis const& zeros : paddings) {
    words[1 + rank] = zeros.before;
    words[1 + max_rank + rank++] = zeros.after;
  }
  return detail::add_value(info<Op>, {}, words, 1 + max_rank + rank, x);
}

TFX_END
