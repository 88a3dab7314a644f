// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN

/// Random numbers, all values of [0, 1) alike.
struct random_uniform_op : random_values {
  static constexpr auto name = "RandomUniform";
  template <class Call>
  static void run(Call const& call) {
    i64 const count = call.count(Call::out_shape());
    random::position const at = advance(call, count);
    random::uniform(call.out(), count, at.seeds, at.block);
  }
};

namespace detail {
/// Values of [0, 1) moved to [minval, maxval). The difference is one of T: of whole numbers it could overflow.
template <name Name, auto Site, class X, class T>
auto between(X const& x, T minval, T maxval) {
  return scale_and_shift<Name, Site>(x, static_cast<T>(maxval - minval), minval);
}
template <class T, class X>
constexpr X between_values(std::string_view name, X const& x, T minval, T maxval) {
  return scale_and_shift_value(name, x, static_cast<T>(maxval - minval), minval);
}
}  // namespace detail

/// Random numbers from [0, 1), or [minval, maxval), floats: `random_uniform(shape<2, 3>, -1.0f, 1.0f, seed(7))`. Each
/// call is an op with a stream of its own, which goes on from run to run. Two calls of one place in the source, such as
/// a helper's, are refused in one graph where the compiler cannot tell them apart: names do, `random_uniform<Name>(…)`.
template <name Name = "", auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_uniform(shape_t<D...>, Seed... s) {
  return detail::random_of<random_uniform_op, Name, float, Site, D...>::make(s...);
}
template <name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto random_uniform(shape_t<D...>, N minval, M maxval, Seed... s) {
  auto const x = detail::random_of<random_uniform_op, Name, float, Site, D...>::template make<"">(s...);
  return detail::between<Name, Site>(x, static_cast<float>(minval), static_cast<float>(maxval));
}
/// The same in another dtype: `random_uniform<double>(shape<3>)`.
template <std::floating_point T, name Name = "", auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_uniform(shape_t<D...>, Seed... s) {
  return detail::random_of<random_uniform_op, Name, T, Site, D...>::make(s...);
}
template <std::floating_point T, name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto random_uniform(shape_t<D...>, N minval, M maxval, Seed... s) {
  auto const x = detail::random_of<random_uniform_op, Name, T, Site, D...>::template make<"">(s...);
  return detail::between<Name, Site>(x, static_cast<T>(minval), static_cast<T>(maxval));
}

/// Whole random numbers in [minval, maxval). Inputs: the two bounds, the state, the seed.
struct random_uniform_int_op : random_values {
  static constexpr auto name = "RandomUniformInt";
  static constexpr op_traits traits{.unique = true, .may_fail = true, .next_state = 2, .first_extent = 1};
  template <class Call>
  static void run(Call const& call) {
    i64 const count = call.count(Call::out_shape());
    auto const minval = *call.template in<0>(), maxval = *call.template in<1>();
    if (count == 0) return;
    random::check_bounds(minval, maxval);  // before the stream moves on
    random::position const at = advance(call, count);
    random::uniform_int(call.out(), count, minval, maxval, at.seeds, at.block);
  }
};

namespace detail {
template <class T, name Name, auto Site, auto... D>
struct random_integers {
  static_assert(sizeof(T) >= 4, "random_uniform: whole numbers are int32 or int64");
  using parts = random_of<random_uniform_int_op, Name, T, Site, D...>;
  template <u64 Which>
  static auto bound(T value) {
    typename literal_leaf<"", T, shape_t<>, mix(parts::context, Which), Site>::type result;
    result.literals[0] = make_literal(value);
    return result;
  }
  template <class... Seed>
  static auto make(T minval, T maxval, Seed... s) {
    return apply<random_uniform_int_op, Name, typename parts::word_type>(
        bound<1>(minval), bound<2>(maxval), make_random_state<parts::context, Name, Site>(sizeof...(s) > 0),
        seed_of<parts::context, Site>(s)...);
  }
};
}  // namespace detail

/// Whole numbers in [minval, maxval), as int32 or int64: `random_uniform<int>(shape<3>, 0, 10)`. Bounds that T does not
/// hold are refused.
template <std::integral T, name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto random_uniform(shape_t<D...>, N minval, M maxval, Seed... s) {
  using value_type = detail::canonical_type<T>;
  return detail::random_integers<value_type, Name, Site, D...>::make(detail::fitted<value_type>(minval),
                                                                     detail::fitted<value_type>(maxval), s...);
}
/// Inside functions over handles, under a name, of a shape of numbers and named dimensions: `random_uniform({3, 4},
/// "noise")`, `random_uniform({3, 4}, -1, 1, name_of("noise", i), seed(7))`.
template <std::floating_point T = float, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment random_uniform(extents shape, std::string_view name, Seed... s) {
  return detail::draw_shape<random_uniform_op, T>(name, name, shape, std::tuple{s...});
}
template <std::floating_point T = float, number N, number M, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment random_uniform(extents shape, N minval, M maxval, std::string_view name, Seed... s) {
  fragment const x = detail::draw_shape<random_uniform_op, T>({}, name, shape, std::tuple{s...});
  return detail::between_values<T>(name, x, static_cast<T>(minval), static_cast<T>(maxval));
}
template <std::integral T, number N, number M, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment random_uniform(extents shape, N minval, M maxval, std::string_view name, Seed... s) {
  using value_type = detail::canonical_type<T>;
  static_assert(sizeof(value_type) >= 4, "random_uniform: whole numbers are int32 or int64");
  auto const bound = [](auto value) {
    return splat_value({}, dtype_of<value_type>, splat_bits(detail::fitted<value_type>(value)));
  };
  return detail::draw_shape<random_uniform_int_op, value_type>(name, name, shape, std::tuple{s...}, bound(minval),
                                                               bound(maxval));
}

TFX_END
