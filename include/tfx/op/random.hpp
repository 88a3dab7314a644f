// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/multiply.hpp>
#include <tfx/tensor/random.hpp>

TFX_BEGIN

/// Makes the numbers of a random op repeatable: `random_normal(shape<3>, seed(7))` draws what TensorFlow 1.x draws for
/// an op of that seed.
struct seed_t {
  i64 value;
};
constexpr seed_t seed(i64 value) { return {value}; }

/// Where a random op stands in its stream, kept by each session: the number of the next block, and the identity from
/// which the stream comes where no seed was given. Words tell one place in the source from another; inside a variable's
/// initial value the variable's name does (compiler/flatten.hpp).
struct random_state_op {
  static constexpr auto name = "RandomState";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr bool state = true;
  static constexpr void infer(inference&) {}
};

/// What random ops share. Inputs: the state and, where one was given, the seed; further ones come before them. Never
/// two of one state: each place in the source has its own, and each name that is given there.
struct random_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr bool unique = true;
  static constexpr void gradient(gradient_call&) {}
  static constexpr void tangent(gradient_call&) {}

  /// The stream of a call whose state is input `At`, and the block where it stands; moves it on as `outputs` values do.
  struct position {
    random::seeds seeds;
    i64 block;
  };
  template <int At, class Call>
  static position advance(Call const& call, i64 outputs) {
    i64* state = call.o.template at<i64>(At);
    position result{{static_cast<u64>(state[1]), mix(static_cast<u64>(state[1]), 1)}, state[0]};
    if constexpr (Call::input_count > At + 1) result.seeds = random::resolve({}, *call.template in<At + 1>(), 0);
    state[0] += random::blocks_used(outputs);
    return result;
  }
};
/// Random numbers of a shape. Words: the dtype, the extents.
struct random_values : random_op {
  static constexpr int first_extent = 1;
  static constexpr void infer(inference& call) {
    call.type = static_cast<dtype>(call.words[0]);
    for (int i = 1; i < call.word_count; ++i) {
      i64 const extent = call.spelled(call.words[i]);
      call.shape.push_back(extent);
    }
  }
};

/// Nothing or one seed.
template <class... S>
concept maybe_seed = sizeof...(S) <= 1 && (std::is_same_v<S, seed_t> && ... && true);

namespace detail {
/// The state of the random op at a place in the source: `Context` is what the place makes there.
template <u64 Context, auto Site>
using random_state = typename leaf<random_state_op, "", i64, shape_t<2>, false, static_cast<i64>(Context),
                                   site_index<mix(Context, 0x7a), decltype(Site)>>::type;

template <auto... D>
constexpr u64 hash_of_shape(u64 hash) {
  ((hash = mix(hash, static_cast<u64>(extent_of<D>()))), ...);
  return hash;
}
template <class Op, name Name, class T, auto Site, auto... D>
struct random_of {
  static_assert(((extent_of<D>() >= 0) && ...), "a random op's shape has numbers only");
  using word_type = words<static_cast<i64>(dtype_of<T>), extent_of<D>()...>;
  static constexpr u64 context =
      mix(hash_of_shape<D...>(mix(hash_of(Op::name), static_cast<u64>(dtype_of<T>))), hash_of(Name.view()));
  using state = random_state<context, Site>;
  using seed_literal = typename literal_leaf<"", i64, shape_t<>, context, Site>::type;

  static auto seed_of(seed_t s) {
    seed_literal result;
    result.literals[0] = make_literal(s.value);
    return result;
  }
  template <name Shown = Name, class... Seed>
  static constexpr auto make(Seed... s) {
    return apply<Op, Shown, word_type>(state{}, seed_of(s)...);
  }
};

/// x · scale + shift, with numbers that are told apart by what they meet.
template <name Name, auto Site, class X, class N>
auto scale_and_shift(X const& x, N scale, N shift) {
  auto const scaled = multiply<"", X, N, Site>(x, scale);
  return add<Name, std::remove_const_t<decltype(scaled)>, N, Site>(scaled, shift);
}
}  // namespace detail

TFX_END
