// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/slice.hpp>
#include <tuple>

TFX_BEGIN

/// Its inputs one after the other along an axis; all other extents agree. Gradient: each input's part of dy.
struct concat_op {
  static constexpr auto name = "ConcatV2";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{
      .simplifies = true, .mismatch = "ConcatOp : Dimensions of inputs should match: shape[0] = %s vs. shape[1] = %s"};
  struct attributes {
    i64 axis;
    constexpr explicit attributes(attribute_words w) : axis(w[0]) {}
    constexpr int place(int rank) const { return place_of_axis(axis, rank); }
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    for (int i = 1; i < call.input_count(); ++i)
      if (call.types[i] != call.type) return call.refuse_types(refusal_kind::dtype_mismatch, call.type, call.types[i]);
    if (call.defer()) return;
    dims out = call.shapes[0];
    int const axis = call.axis_of(out, attributes(call.attributes()).axis);
    if (axis == no_axis) return;
    for (int i = 1; i < call.input_count(); ++i) {
      dims const& x = call.shapes[i];
      if (x.rank != out.rank) return call.refuse(refusal_kind::shape_mismatch, call.shapes[0], x);
      for (int k = 0; k < out.rank; ++k)
        out[k] = k == axis ? call.derived(extent_rule::add, out[k], x[k]) : call.agree(out[k], x[k], call.shapes[0], x);
    }
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(gradient_call& call) {
    int const rank = call.x(0).rank(), axis = attributes(call.attributes()).place(rank), count = call.input_count();
    dims begin;
    begin.rank = rank;
    for (int i = 0; i < count; ++i) {
      dims const x = call.x(i).shape();
      call.dx[i] = slice(call.dy, begin, x);
      begin[axis] = call.graph->symbols.derived(extent_rule::add, begin[axis], x[axis]);
    }
  }
  /// The tangents one after the other, zeros for inputs that do not move.
  static constexpr void tangent(gradient_call& call) {
    vector<int> inputs;
    for (int i = 0; i < call.input_count(); ++i)
      inputs.push_back(call.dx[i] ? call.dx[i].id : fill_like(call.x(i), 0.0).id);
    i64 const axis = attributes(call.attributes()).axis;
    call.tangent = {call.graph, call.graph->add(info<concat_op>, inputs.begin(), inputs.size(), &axis, 1)};
  }
  static constexpr void simplify(simplification& call) {
    if (call.inputs.size() == 1) call.keep(0);
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::out_shape().rank, axis = attributes(Call::attributes()).place(rank);
    i64 const outer = call.count(Call::out_shape(), 0, axis), row = call.count(Call::out_shape(), axis, rank);
    copy_all(call, outer, row, std::make_integer_sequence<int, Call::input_count>{});
  }

 private:
  template <class Call, int... I>
  static void copy_all(Call const& call, i64 outer, i64 row, std::integer_sequence<int, I...>) {
    constexpr int rank = Call::out_shape().rank, axis = attributes(Call::attributes()).place(rank);
    auto* out = call.out();
    auto const copy = [&](auto const* from, i64 count) {
      for (i64 i = 0; i < outer; ++i) std::copy_n(from + i * count, count, out + i * row);
      out += count;
    };
    (copy(call.template in<I>(), call.count(Call::in_shape(I), axis, rank)), ...);
  }
};

/// `xs…` one after the other along an axis, which comes first since there are any number of values:
/// `concat(axis<0>, a, b, c)`. Extents along it add up, symbolic ones too; the others agree.
template <name Name = "", int A, expression... X>
  requires(sizeof...(X) > 0 && ((detail::told_apart<X> || untyped<X>) && ...))
constexpr result_with<concat_op, Name, words<A>, X...> concat(axes_t<A>, X const&... xs) {
  return apply<concat_op, Name, words<A>>(xs...);
}
namespace detail {
template <name Name, int A, std::size_t... I, class... X>
constexpr auto concat_apart(std::index_sequence<I...>, X const&... xs) {
  return concat<Name>(axis<A>, tell_apart<I + 1, false>(xs)...);
}
}  // namespace detail
// Unnamed constants are told apart by their places in the list.
template <name Name = "", int A, typed_expression... X>
  requires(!(detail::told_apart<X> && ...))
constexpr auto concat(axes_t<A>, X const&... xs) {
  return detail::concat_apart<Name, A>(std::index_sequence_for<X...>{}, xs...);
}

TFX_END
