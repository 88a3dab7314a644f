// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN

/// Random numbers of the normal distribution, none of them 2 or more away from 0.
struct truncated_normal_op : random_values {
  static constexpr auto name = "TruncatedNormal";
  template <class Call>
  static void run(Call const& call) {
    i64 const count = call.count(Call::out_shape());
    random::position const at = advance(call, count);
    random::truncated_normal(call.out(), count, at.seeds, at.block);
  }
};

/// Random numbers of a normal distribution without those two or more standard deviations from the mean, floats:
/// `truncated_normal(shape<3>, 0.0f, 0.1f)`.
template <name Name = "", auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto truncated_normal(shape_t<D...>, Seed... s) {
  return detail::random_of<truncated_normal_op, Name, float, Site, D...>::make(s...);
}
template <name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto truncated_normal(shape_t<D...>, N mean, M stddev, Seed... s) {
  auto const x = detail::random_of<truncated_normal_op, Name, float, Site, D...>::template make<"">(s...);
  return detail::scale_and_shift<Name, Site>(x, static_cast<float>(stddev), static_cast<float>(mean));
}
/// The same in another dtype: `truncated_normal<double>(shape<3>)`.
template <std::floating_point T, name Name = "", auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto truncated_normal(shape_t<D...>, Seed... s) {
  return detail::random_of<truncated_normal_op, Name, T, Site, D...>::make(s...);
}
template <std::floating_point T, name Name = "", number N, number M, auto... D, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
auto truncated_normal(shape_t<D...>, N mean, M stddev, Seed... s) {
  auto const x = detail::random_of<truncated_normal_op, Name, T, Site, D...>::template make<"">(s...);
  return detail::scale_and_shift<Name, Site>(x, static_cast<T>(stddev), static_cast<T>(mean));
}
/// Inside functions over handles, under a name, of a shape of numbers and named dimensions: `truncated_normal({3, 4},
/// "noise")`, `truncated_normal({3, 4}, 0, 0.1, name_of("noise", i), seed(7))`.
template <std::floating_point T = float, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment truncated_normal(extents shape, std::string_view name, Seed... s) {
  return detail::draw_shape<truncated_normal_op, T>(name, name, shape, std::tuple{s...});
}
template <std::floating_point T = float, number N, number M, class... Seed>
  requires maybe_seed<Seed...>
constexpr fragment truncated_normal(extents shape, N mean, M stddev, std::string_view name, Seed... s) {
  fragment const x = detail::draw_shape<truncated_normal_op, T>({}, name, shape, std::tuple{s...});
  return detail::scale_and_shift_value(name, x, static_cast<T>(stddev), static_cast<T>(mean));
}

TFX_END
