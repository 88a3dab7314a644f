// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

// What the compiler finds out about a tensor: each gives x itself, or does not compile. Where only a feed tells the
// rank, a run that feeds another one does not compile.

/// Word: the rank.
struct assert_rank_op : same_value {
  static constexpr auto name = "AssertRank";
  static constexpr std::string_view type(int) { return "Identity"; }
  static constexpr op_traits traits{.has_type = true};
  static constexpr void infer(inference& call) {
    same_value::infer(call);
    int const rank = call.shapes[0].rank;
    if (rank >= 0 && rank != call.words[0]) call.refuse(refusal_kind::rank, call.shapes[0]);
  }
};
/// Word: the dtype.
struct assert_type_op : same_value {
  static constexpr auto name = "AssertType";
  static constexpr std::string_view type(int) { return "Identity"; }
  static constexpr op_traits traits{.has_type = true};
  static constexpr void infer(inference& call) {
    same_value::infer(call);
    if (call.types[0] != call.attributes().type(0))
      call.refuse_types(refusal_kind::dtype_mismatch, call.attributes().type(0), call.types[0]);
  }
};

/// x, which has `Rank` dimensions: `assert_rank<2>(images)`.
template <int Rank, name Name = "", expression X>
constexpr result_with<assert_rank_op, Name, words<Rank>, X> assert_rank(X const& x) {
  return apply<assert_rank_op, Name, words<Rank>>(x);
}
/// x, which is one element without a dimension.
template <name Name = "", expression X>
constexpr result_with<assert_rank_op, Name, words<0>, X> assert_scalar(X const& x) {
  return apply<assert_rank_op, Name, words<0>>(x);
}
/// x, whose elements are of type T: `assert_type<float>(x)`.
template <element T, name Name = "", expression X>
constexpr result_with<assert_type_op, Name, words<static_cast<i64>(dtype_of<T>)>, X> assert_type(X const& x) {
  return apply<assert_type_op, Name, words<static_cast<i64>(dtype_of<T>)>>(x);
}

TFX_END
