// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/base/raise.hpp>
#include <tfx/graph/composition.hpp>
#include <tfx/kernel/unique.hpp>
#include <tfx/op/array/gather.hpp>

TFX_BEGIN

/// Of each element of a vector the how manieth different one it is, in the order in which they are first met. Word: the
/// dtype, int32 or int64. Constant to derivatives.
struct unique_index_op {
  static constexpr auto name = "Unique";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .has_scratch = true};
  static constexpr auto gradient = constant_to_derivatives;

  static constexpr void infer(inference& call) {
    any_value(call, call.types[0]);
    call.type = call.attributes().type(0);
    if (call.failed() || call.defer()) return;
    if (call.shapes[0].rank != 1) return call.refuse(refusal_kind::rank, call.shapes[0]);
    call.shape = call.shapes[0];
  }
  static constexpr void scratch(scratch_request& call) { call.add(dtype::int32, call.shape(0), call.shape(0)); }

  template <class Call>
  static void run(Call const& call) {
    i64 const n = call.count(Call::in_shape(0)), most = std::numeric_limits<std::int32_t>::max();
    if (n > most)
      raise<errors::InvalidArgumentError>("unique does not support input tensors larger than %lld elements",
                                          static_cast<long long>(most));
    kernel::unique_index(call.template in<0>(), n, call.out(), call.scratch());
  }
};
/// Where each of the numbers that unique_index_op gives is first met, int64 [found].
struct first_places_op {
  static constexpr auto name = "FirstPlaces";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.may_fail = true, .finds = true};
  static constexpr auto gradient = constant_to_derivatives;

  static constexpr void infer(inference& call) {
    call.type = dtype::int64;
    if (!call.defer()) call.shape.push_back(call.found(call.shapes[0][0]));
  }
  template <class Call>
  static void run(Call const& call) {
    i64 const n = call.count(Call::in_shape(0));
    call.find(Call::out_shape()[0], kernel::first_places(call.template in<0>(), n, call.out()));
  }
};
/// How often each of these numbers, which are input 0, stands there. Input 1: a vector with one element for each.
struct count_places_op {
  static constexpr auto name = "CountPlaces";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  static constexpr auto gradient = constant_to_derivatives;

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (!call.defer()) call.shape = call.shapes[1];
  }
  template <class Call>
  static void run(Call const& call) {
    i64 const n = call.count(Call::in_shape(0));
    auto const* const index = call.template in<0>();
    auto* const out = call.out();
    std::fill_n(out, call.count(Call::out_shape()), 0);
    for (i64 i = 0; i < n; ++i) ++out[index[i]];
  }
};

namespace detail {
template <name Name, class Index, bool Counts>
struct unique_of {
  template <class Handle>
  constexpr auto operator()(Handle x) const {
    Handle const index = apply<unique_index_op, "", words<static_cast<i64>(dtype_of<Index>)>>(x);
    Handle const places = apply<first_places_op>(index);
    if constexpr (Counts) {
      return std::tuple{gather<Name>(x, places), index, apply<count_places_op>(index, places)};
    } else {
      return std::tuple{gather<Name>(x, places), index};
    }
  }
};
template <class Index>
inline constexpr bool counts_places = std::is_same_v<Index, std::int32_t> || std::is_same_v<Index, std::int64_t>;
}  // namespace detail

/// The different values of the vector x, in the order in which they are first met, and for each element of x the place
/// of its value among them, int32 or `unique<std::int64_t>(x)`: `auto [y, index] = unique(x);` of {7, 5, 7} gives
/// {7, 5} and {0, 1, 0}. -0 equals 0, NaN nothing. At most 2^31 - 1 elements. Gradient of the values: dy where each is
/// first met.
template <name Name = "", expression X>
constexpr composed<detail::unique_of<Name, std::int32_t, false>, X> unique(X const& x) {
  return composition<detail::unique_of<Name, std::int32_t, false>>(x);
}
template <element Index, expression X>
constexpr composed<detail::unique_of<"", Index, false>, X> unique(X const& x) {
  static_assert(detail::counts_places<Index>, "unique: places are int32 or int64");
  return composition<detail::unique_of<"", Index, false>>(x);
}
/// The same and, third, how often each value stands in x: `auto [y, index, count] = unique_with_counts(x);`
template <name Name = "", expression X>
constexpr composed<detail::unique_of<Name, std::int32_t, true>, X> unique_with_counts(X const& x) {
  return composition<detail::unique_of<Name, std::int32_t, true>>(x);
}
template <element Index, expression X>
constexpr composed<detail::unique_of<"", Index, true>, X> unique_with_counts(X const& x) {
  static_assert(detail::counts_places<Index>, "unique_with_counts: places are int32 or int64");
  return composition<detail::unique_of<"", Index, true>>(x);
}

TFX_END
