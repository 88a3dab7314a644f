// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>
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
  static constexpr void gradient(auto& call);
  /// The tangents one after the other, zeros for inputs that do not move.
  static constexpr void tangent(auto& call) {
    vector<int> inputs;
    for (int i = 0; i < call.input_count(); ++i)
      inputs.push_back(call.dx[i] ? call.dx[i].id : fill_like(call.x(i), 0.0).id);
    call.tangent = add_node<concat_op>(call.graph, inputs, vector<i64>(1, attributes(call.attributes()).axis));
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

/// What ops share that cut x into parts along an axis, each an output. First word: the axis. Gradient: those of the
/// parts one after the other, with zeros for parts that have none.
struct partition {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true, .has_outputs = true};
  struct attributes {
    i64 axis;
    attribute_words parts;  // what an op says of them
    constexpr explicit attributes(attribute_words w) : axis(w[0]), parts(w.rest(1)) {}
    constexpr int place(int rank) const { return place_of_axis(axis, rank); }
  };

  static constexpr void gradient(auto& call) {
    vector<int> parts;
    for (int k = 0; k < call.dys.count; ++k)
      parts.push_back(call.dys[k] ? call.dys[k].id : fill_like(call.output(k), 0.0).id);
    call.dx[0] = add_node<concat_op>(call.graph, parts, vector<i64>(1, attributes(call.attributes()).axis));
  }

  /// Copies the parts, of which part K has Op::length<K>(call) elements along the axis.
  template <class Op, class Call>
  static void copy_parts(Call const& call) {
    copy_parts<Op>(call, std::make_integer_sequence<int, Call::listed_outputs>{});
  }

 private:
  template <class Op, class Call, int... K>
  static void copy_parts(Call const& call, std::integer_sequence<int, K...>) {
    constexpr dims x = Call::in_shape(0);
    constexpr int axis = attributes(Call::attributes()).place(x.rank);
    i64 const outer = call.count(x, 0, axis), inner = call.count(x, axis + 1, x.rank),
              row = call.extent(x[axis]) * inner;
    auto const* const from = call.template in<0>();
    i64 begin = 0;
    auto const copy = [&]<int I>(std::integral_constant<int, I>) {
      i64 const count = Op::template length<I>(call) * inner;
      if constexpr (Call::has_output(I)) {
        auto* const to = call.template out<I>();
        for (i64 i = 0; i < outer; ++i) std::copy_n(from + (i * row + begin), count, to + i * count);
      }
      begin += count;
      return true;
    };
    // No fold, which clang limits to 256 operands.
    [[maybe_unused]] bool const copied[] = {copy(std::integral_constant<int, K>{})...};
  }
};

/// x in parts of given extents. Further words: these, symbols among them; -1: all that is left, which passes spell.
struct split_v_op : partition {
  static constexpr auto name = "SplitV";
  static constexpr op_traits traits{
      .multilinear = true,
      .simplifies = true,
      .has_outputs = true,
      .first_extent = 1,
      .mismatch = "Sizes of the parts must add up to the extent that is split: parts make %s of %s"};

  static constexpr void infer(inference& call) {
    attributes const words(call.attributes());
    call.outputs = words.parts.count;
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    int const axis = call.axis_of(x, words.axis);
    if (axis == no_axis) return;
    dims parts = x;
    parts[axis] = 0;
    bool all_told = true;
    for (int k = 0; k < words.parts.count; ++k) {
      if (words.parts[k] == dims::unknown) {
        all_told = false;
      } else {
        parts[axis] = call.derived(extent_rule::add, parts[axis], words.parts[k]);
      }
    }
    if (all_told) {
      call.agree(parts[axis], x[axis], parts, x);
    } else {
      call.within(0, parts[axis], axis, x, parts);
    }
    if (call.failed()) return;
    call.shape = x;
    i64 const length = words.parts[call.output];
    call.shape[axis] = length != dims::unknown ? length : call.derived(extent_rule::subtract, x[axis], parts[axis]);
  }
  static constexpr void simplify(simplification& call) {
    dims const x = call.x(0).shape();
    symbol_table& symbols = call.graph->symbols;
    i64 told = 0;
    for (int k = 1; k < call.words.count; ++k)
      if (call.words[k] != dims::unknown) told = symbols.derived(extent_rule::add, told, call.words[k]);
    for (int k = 1; k < call.words.count; ++k)
      if (call.words[k] == dims::unknown)
        call.words[k] = symbols.derived(extent_rule::subtract, x[attributes(call.attributes()).place(x.rank)], told);
  }
  template <int K, class Call>
  static i64 length(Call const& call) {
    return call.extent(attributes(Call::attributes()).parts[K]);
  }
  template <class Call>
  static void run(Call const& call) {
    copy_parts<split_v_op>(call);
  }
};
constexpr void concat_op::gradient(auto& call) {
  int const count = call.input_count(), axis = attributes(call.attributes()).place(call.x(0).rank());
  vector<i64> words(1, axis);
  for (int i = 0; i < count; ++i) words.push_back(call.x(i).shape()[axis]);
  handle const parts = add_node<split_v_op>(call.graph, vector<int>(1, call.dy.id), words);
  for (int i = 0; i < count; ++i) call.dx[i] = output_of(parts, i);
}

/// `xs…` one after the other along an axis, which comes first since there are any number of values:
/// `concat(axis<0>, a, b, c)`. Extents along it add up, symbolic ones too; the others agree.
template <name Name = "", int A, expression... X>
  requires(sizeof...(X) > 0 && ((detail::distinct<X> || untyped<X>) && ...))
constexpr result_with<concat_op, Name, words<A>, X...> concat(axes_t<A>, X const&... xs) {
  return apply<concat_op, Name, words<A>>(xs...);
}
namespace detail {
template <name Name, int A, std::size_t... I, class... X>
constexpr auto concat_apart(std::index_sequence<I...>, X const&... xs) {
  return concat<Name>(axis<A>, distinguish<I + 1, false>(xs)...);
}
}  // namespace detail
// Unnamed constants are told apart by their places in the list.
template <name Name = "", int A, typed_expression... X>
  requires(!(detail::distinct<X> && ...))
constexpr auto concat(axes_t<A>, X const&... xs) {
  return detail::concat_apart<Name, A>(std::index_sequence_for<X...>{}, xs...);
}
/// Inside functions over handles, of any number of values: `concat(axis<1>, columns)`.
template <name Name = "", int A, untyped X, class Op = concat_op>
constexpr X concat(axes_t<A>, vector<X> const& xs) {
  i64 const axis = A;
  return detail::add_value_of_all(info<Op>, Name.view(), &axis, 1, xs);
}

TFX_END
