// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN

/// Random numbers of the normal distribution with mean 0 and standard deviation 1.
struct random_normal_op : random_values {
  static constexpr auto name = "RandomStandardNormal";
  template <class Call>
  static void run(Call const& call) {
    i64 const count = call.count(Call::out_shape());
    random::position const at = advance(call, count);
    random::normal(call.out(), count, at.seeds, at.block);
  }
};

/// Random numbers of a normal distribution, floats: `random_normal(shape<3>)`,
/// `random_normal(shape<3>, mean, stddev, seed(7))`.
template <name Name = "", auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_normal(shape_t<D...>, Seed... s) {
  return detail::random_of<random_normal_op, Name, float, Site, D...>::make(s...);
}
template <name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto random_normal(shape_t<D...>, N mean, M stddev, Seed... s) {
  auto const x = detail::random_of<random_normal_op, Name, float, Site, D...>::template make<"">(s...);
  return detail::scale_and_shift<Name, Site>(x, static_cast<float>(stddev), static_cast<float>(mean));
}
/// The same in another dtype: `random_normal<double>(shape<3>)`.
template <std::floating_point T, name Name = "", auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_normal(shape_t<D...>, Seed... s) {
  return detail::random_of<random_normal_op, Name, T, Site, D...>::make(s...);
}
template <std::floating_point T, name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto random_normal(shape_t<D...>, N mean, M stddev, Seed... s) {
  auto const x = detail::random_of<random_normal_op, Name, T, Site, D...>::template make<"">(s...);
  return detail::scale_and_shift<Name, Site>(x, static_cast<T>(stddev), static_cast<T>(mean));
}
/// Inside functions over handles, under a name, of a shape of numbers and named dimensions: `random_normal({3, 4},
/// "noise")`, `random_normal({3, 4}, 0, 0.1, name_of("noise", i), seed(7))`.
template <std::floating_point T = float, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment random_normal(extents shape, std::string_view name, Seed... s) {
  return detail::draw_shape<random_normal_op, T>(name, name, shape, std::tuple{s...});
}
template <std::floating_point T = float, number N, number M, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment random_normal(extents shape, N mean, M stddev, std::string_view name, Seed... s) {
  fragment const x = detail::draw_shape<random_normal_op, T>({}, name, shape, std::tuple{s...});
  return detail::scale_and_shift_value(name, x, static_cast<T>(stddev), static_cast<T>(mean));
}

TFX_END
