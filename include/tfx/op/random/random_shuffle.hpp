// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN

/// x with its rows, along the first axis, in random order. Inputs: x, the state, the seed. It has no gradient, as in
/// TensorFlow.
struct random_shuffle_op : random_op {
  static constexpr auto name = "RandomShuffle";
  static constexpr op_traits traits{.unique = true, .next_state = 1};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims shape = Call::out_shape();
    i64 const count = call.count(shape), rows = shape.rank > 0 ? call.extent(shape[0]) : 1;
    auto* out = call.out();
    std::copy_n(call.template in<0>(), count, out);
    random::position const at = advance(call, rows);
    random::philox const generator(at.seeds);
    i64 const row = rows > 0 ? count / rows : 0;
    // Fisher and Yates, one 64-bit word for each row.
    for (i64 i = 0; i + 1 < rows; ++i) {
      auto const block = generator(static_cast<u64>(at.block + i));
      u64 const word = block.word[0] | static_cast<u64>(block.word[1]) << 32;
      i64 const other = i + static_cast<i64>(word % static_cast<u64>(rows - i));
      if (other != i) std::swap_ranges(out + i * row, out + (i + 1) * row, out + other * row);
    }
  }
};

namespace detail {
template <name Name, auto Site, class X, class... Seed>
constexpr auto shuffle(X const& x, Seed... s) {
  if constexpr (distinct<X>) {
    constexpr u64 context = mix(mix(hash_of(random_shuffle_op::name), X::hash), hash_of(Name.view()));
    return apply<random_shuffle_op, Name>(x, make_random_state<context, Name, Site>(sizeof...(s) > 0),
                                          seed_of<context, Site>(s)...);
  } else {
    return shuffle<Name, Site>(compose<unique_input<random_shuffle_op, site_of<Name, Site>(), X>>(x), s...);
  }
}
}  // namespace detail

/// The rows of x in random order: `random_shuffle(range<100>())`, `random_shuffle(x, seed(7))`.
template <name Name = "", typed_expression X, class... Seed, auto Site = [] {}>
  requires maybe_seed<Seed...>
constexpr auto random_shuffle(X const& x, Seed... s) {
  return detail::shuffle<Name, Site>(x, s...);
}
/// Inside functions over handles, under a name: `random_shuffle(x, name_of("shuffle", i))`, `random_shuffle<"s">(x)`.
template <untyped X, class... Seed, class Op = random_shuffle_op>
  requires maybe_seed<Seed...>
constexpr X random_shuffle(X const& x, std::string_view name, Seed... s) {
  return detail::draw_like_value<Op>(name, name, x, s...);
}
template <name Name, untyped X, class... Seed>
  requires(Name.size() > 0 && maybe_seed<Seed...>)
constexpr X random_shuffle(X const& x, Seed... s) {
  return random_shuffle(x, Name.view(), s...);
}
template <name Name = "", untyped X, class... Seed>
  requires(Name.size() == 0 && maybe_seed<Seed...>)
random_op_in_a_function_over_handles_needs_a_name random_shuffle(X const& x, Seed...);

TFX_END
