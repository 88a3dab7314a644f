// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

/// Its first input, whose penalty the second is. Flattening leaves nothing of it; regularization_loss finds it.
struct regularized_op : same_value {
  static constexpr auto name = "Regularized";
  static constexpr op_traits traits{.transparent = true};
};

namespace detail {
template <bool L1, bool L2>
struct penalty_of {
  constexpr auto operator()(auto x, auto... scale) const {
    if constexpr (L1 && L2) {
      return sum(x, scale...);
    } else if constexpr (L1) {
      return reduce_sum(abs(x)) * (scale, ...);
    } else {
      return reduce_sum(square(x)) * (scale, ...);
    }
  }

 private:
  static constexpr auto sum(auto x, auto l1, auto l2) { return reduce_sum(abs(x)) * l1 + reduce_sum(square(x)) * l2; }
};
}  // namespace detail

namespace regularizers {
/// A penalty on large weights: a function from an expression to a scalar. Scales are numbers, told apart by what they
/// meet.
template <bool L1, bool L2>
struct regularizer {
  double scales[2];
  template <typed_expression X>
  auto operator()(X const& x) const {
    using T = typename X::value_type;
    using site = member_site<>;
    if constexpr (L1 && L2) {
      return composition<detail::penalty_of<L1, L2>>(x, detail::as_argument<T, X, site{}, 2>(scales[0]),
                                                     detail::as_argument<T, X, site{}, 3>(scales[1]));
    } else {
      return composition<detail::penalty_of<L1, L2>>(x, detail::as_argument<T, X, site{}, L1 ? 0 : 1>(scales[0]));
    }
  }
  template <untyped X>
  constexpr auto operator()(X const& x) const {
    auto const scale = [&](int i) { return scalar_like(x, scales[i]); };
    if constexpr (L1 && L2) {
      return detail::penalty_of<L1, L2>{}(x, scale(0), scale(1));
    } else {
      return detail::penalty_of<L1, L2>{}(x, scale(0));
    }
  }
};
/// scale · Σ |x|: `regularizers::l1(0.01)(w)`.
constexpr regularizer<true, false> l1(double scale = 0.01) { return {{scale, 0}}; }
/// scale · Σ x².
constexpr regularizer<false, true> l2(double scale = 0.01) { return {{scale, 0}}; }
/// l1 · Σ |x| + l2 · Σ x².
constexpr regularizer<true, true> l1_l2(double l1 = 0.01, double l2 = 0.01) { return {{l1, l2}}; }
}  // namespace regularizers

/// `x`, which carries a penalty along: what is computed from it finds that, regularization_loss(loss).
/// `matmul(h, regularized(w, regularizers::l2(0.001)))`. The penalty is a function from an expression to a scalar.
template <typed_expression X, class Penalty>
auto regularized(X const& x, Penalty const& penalty) {
  auto const scalar = penalty(x);
  static_assert(decltype(scalar)::shape_type::rank == 0, "tfx: a penalty is a scalar");
  return apply<regularized_op>(x, scalar);
}
template <untyped X, class Penalty>
constexpr auto regularized(X const& x, Penalty const& penalty) {
  return apply<regularized_op>(x, penalty(x));
}

namespace detail {
/// The penalties that a loss reaches, each once, in the order in which they are met.
constexpr vector<descriptor const*> penalties_of(descriptor const& loss) {
  vector<descriptor const*> found, stack;
  numbering seen, penalties;
  seen.of(loss.hash);
  stack.push_back(&loss);
  while (!stack.empty()) {
    descriptor const& d = *stack.back();
    stack.pop_back();
    if (is<regularized_op>(d.op))
      if (int const known = penalties.keys.count; penalties.of(d.inputs[1]->hash) == known)
        found.push_back(d.inputs[1]);
    for (int i = d.input_count - 1; i >= 0; --i)
      if (int const known = seen.keys.count; seen.of(d.inputs[i]->hash) == known) stack.push_back(d.inputs[i]);
  }
  return found;
}
constexpr int count_penalties(descriptor const& loss) { return penalties_of(loss).size(); }

/// The sum of a loss's penalties, in its dtype, as an expression that carries the loss's numbers.
template <u64 Loss, dtype Type>
struct sum_of_penalties {
  static constexpr descriptor const& loss = *lookup(key<Loss>{});
  static constexpr int count = count_penalties(loss);
  // Each penalty in the loss's dtype, and the sums of the first ones.
  struct sums {
    descriptor parts[2 * count + 1]{};
    descriptor const* inputs[2 * count + 1][2]{};
    descriptor const* last = nullptr;
    i64 type = static_cast<i64>(Type);
    dims scalar{};

    constexpr sums() {
      int at = 0;
      bool is_first = true;  // told apart: under -fsanitize=undefined no address is a constant
      for (descriptor const* penalty : penalties_of(loss)) {
        if (penalty->type != Type) {
          inputs[at][0] = penalty;
          parts[at] = value_descriptor(info<cast_op>, {}, Type, scalar, inputs[at], 1, &type, 1);
          penalty = &parts[at++];
        }
        if (!is_first) {
          inputs[at][0] = last;
          inputs[at][1] = penalty;
          parts[at] = value_descriptor(info<add_op>, {}, Type, scalar, inputs[at], 2, nullptr, 0);
          penalty = &parts[at++];
        }
        last = penalty;
        is_first = false;
      }
    }
  };
  static constexpr sums all{};
  static constexpr descriptor const* inputs[2] = {all.last, nullptr};
  static constexpr concluded conclude() {
    concluded result;
    result.type = Type;
    result.kind = outcome::numbers;
    result.hash = mix(mix(all.last->hash, define_op<built_op>::hash), Loss);
    return result;
  }
  static constexpr concluded result = conclude();
  using as_expression = result_expression<outcome::numbers, std::make_index_sequence<0>>;
  static constexpr descriptor content{
      &info<built_op>,   result.hash, Type, &shape_t<>::value, {}, hash_of({}), inputs, 1, nullptr, 0, loss.numbers,
      loss.number_count, nullptr,     0};
  static constexpr u64 defined = bucket_of<result.hash>::template writer<sum_of_penalties>::done ? result.hash : 0;
};
/// The same of a value, with those that the expressions reach which stand outside.
struct regularization_of_value {
  constexpr auto operator()(auto loss) const {
    auto& graph = *static_cast<function_graph*>(loss.graph);
    vector<int> found, stack(1, loss.id);
    vector<char> seen(graph.size(), false);
    while (!stack.empty()) {
      int const id = stack.back();
      stack.pop_back();
      if (seen[id]) continue;
      seen[id] = true;
      node const n = graph.nodes[id];
      if (is<outside_op>(n.op))
        for (descriptor const* penalty : penalties_of(*graph.outside[static_cast<int>(graph.word(n, 0))]))
          note(found, graph.take(*penalty));
      if (is<regularized_op>(n.op)) note(found, graph.input(n, 1));
      for (int i = n.input_count - 1; i >= 0; --i) stack.push_back(graph.input(n, i));
    }
    decltype(loss) sum;
    for (int const id : found) {
      auto const penalty = cast(decltype(loss){&graph, id}, loss.type());
      sum = sum ? sum + penalty : penalty;
    }
    return sum ? sum : scalar_like(loss, 0.0);
  }

 private:
  static constexpr void note(auto& found, int id) {
    for (int const other : found)
      if (other == id) return;
    found.push_back(id);
  }
};
}  // namespace detail

namespace losses {
/// The sum of all penalties that `regularized` put where `loss` reaches them, each once, in the loss's dtype: 0 if
/// there is none. `loss + losses::regularization_loss(loss)`, or at once `losses::total_loss(loss)`.
template <typed_expression Loss>
constexpr auto regularization_loss(Loss const& loss) {
  constexpr dtype type = dtype_of<typename Loss::value_type>;
  if constexpr (detail::count_penalties(*lookup(key<Loss::hash>{})) == 0) {
    return result_with<splat_op, "", words<0, static_cast<i64>(type)>>{};
  } else {
    using source = detail::sum_of_penalties<Loss::hash, type>;
    return compose<typename source::as_expression::template type<source>>(loss);
  }
}
template <untyped Loss>
constexpr Loss regularization_loss(Loss const& loss) {
  return composition<detail::regularization_of_value>(loss);
}
template <expression Loss>
constexpr auto total_loss(Loss const& loss) {
  return loss + regularization_loss(loss);
}
}  // namespace losses

TFX_END
