// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/dtype.hpp>
#include <tfx/shape/axes.hpp>
#include <tfx/shape/broadcast.hpp>

TFX_BEGIN

struct op_info;

/// Why an expression or a run is refused at compile time.
enum class refusal_kind : unsigned char {
  none,
  shape_mismatch,
  dtype_mismatch,
  rank,
  axis,
  empty_axis,
  needs_floating,
  needs_bool,
  needs_number,
  needs_real,
  needs_complex,
  quantized,        // numbers that have no arithmetic
  needs_quantized,  // and nothing else
  duplicate_name,
  unfed_placeholder,
  feed_shape,
  duplicate_feed,
  unnamed_feed,  // of an unnamed constant, or of what is made of one
  feed_rank,
  untold_dimension,  // a name that nothing binds in a run
  untold_shape,      // of a tensor
  no_gradient,
  unnamed_gradient,  // along such
  no_gradient_rule,  // an op on the way has none
  no_forward_rule,
  gradient_of_endless_loop,
  complex_gradient,  // a path from a loss goes through complex numbers
  node_name,
  no_variables,
  uneven_parts,
  uneven_blocks,  // of pixels
  open_extent,    // one that must be a number
  channels,
  no_window,         // that fits
  not_square,        // a matrix
  several_regions,   // in which a random op would draw
  effect_in_region,  // an assignment in a loop or a branch
  extent_in_region,  // that a kernel finds there
  argument_outside,  // of its loop
  condition,         // a tensor is none
};

/// A refusal as a value; graph/refusal.hpp turns it into a type that a compiler prints.
struct refusal {
  refusal_kind kind = refusal_kind::none;
  op_info const* op = nullptr;
  dims first{}, second{};
  dtype first_type = dtype::none, second_type = dtype::none;
  i64 number = 0;
  std::string_view text{};
};

/// What a shape rule sees of an op's input; the shape stays where it is.
struct operand {
  dims const* shape;
  dtype type;
};
struct operand_shapes {
  operand const* at;
  int count;

  constexpr int size() const { return count; }
  constexpr dims const& operator[](int i) const { return *at[i].shape; }
};
struct operand_types {
  operand const* at;

  constexpr dtype operator[](int i) const { return at[i].type; }
};

/// The static attributes of a node, from which an op's `attributes` is made: the same way in its shape rule, gradient,
/// simplification and kernel.
struct attribute_words {
  i64 const* at;
  int count;

  constexpr i64 operator[](int i) const { return at[i]; }
  constexpr dtype type(int i) const { return static_cast<dtype>(at[i]); }
  /// Those from `first` on, where they lie: until the graph grows.
  constexpr attribute_words rest(int first) const { return {at + first, count - first}; }
  /// `length` of them, as a list of their own. More than a shape can have are a list of unknown length.
  constexpr dims list(int first, int length) const {
    dims result;
    if (length > max_rank) result.rank = dims::unknown_rank;
    for (int i = 0; i < length && length <= max_rank; ++i) result.push_back(at[first + i]);
    return result;
  }
  constexpr dims list(int first = 0) const { return list(first, count - first); }
};

/// What an op's shape rule sees and says: the shapes and dtypes of its inputs, its static attributes, and the result.
/// The same rule serves typed expressions (no symbol table: `dims::unknown` is any extent) and the compiler's passes.
struct inference {
  op_info const* op;
  operand_shapes shapes;
  operand_types types;
  i64 const* words;
  int word_count;
  symbol_table* symbols;

  dims& shape;     // of rank 0 until the rule says what it is
  refusal& error;  // the first mistake stays
  dtype type = dtype::none;
  bool refused = false;
  int output = -1;  // of an op of several outputs: which one is asked for
  int outputs = 0;  // what the rule of such an op says: how many there are

  constexpr int input_count() const { return shapes.size(); }
  constexpr bool failed() const { return refused; }
  constexpr attribute_words attributes() const { return {words, word_count}; }

  constexpr void refuse(refusal_kind kind, dims const& first = {}, dims const& second = {}, i64 number = 0) {
    if (!begin_refusal(kind)) return;
    error.first = first;
    error.second = second;
    error.number = number;
  }
  constexpr void refuse_types(refusal_kind kind, dtype first, dtype second = dtype::none) {
    bool const needs_numbers = kind == refusal_kind::needs_floating || kind == refusal_kind::needs_number;
    if (!begin_refusal(needs_numbers && is_quantized(first) ? refusal_kind::quantized : kind)) return;
    error.first_type = first;
    error.second_type = second;
  }
  /// True when some input's rank is not known yet; the result is then unknown too.
  constexpr bool defer() {
    for (int i = 0; i < shapes.count; ++i) {
      if (shapes.at[i].shape->rank >= 0) continue;
      shape.rank = dims::unknown_rank;
      return true;
    }
    return false;
  }
  /// The common extent of two that must agree; refuses with the shapes `a` and `b` where they cannot.
  constexpr i64 agree(i64 left, i64 right, dims const& a, dims const& b) {
    i64 common = left;
    if (!unify_extents(left, right, symbols, common, a, b)) refuse(refusal_kind::shape_mismatch, a, b);
    return common;
  }
  constexpr i64 derived(extent_rule rule, i64 left, i64 right) {
    if (symbols) return symbols->derived(rule, left, right);
    if (left >= 0 && right >= 0) return symbol_table::apply(rule, left, right);
    // What changes nothing leaves a symbol its name.
    bool const sum = rule == extent_rule::add || rule == extent_rule::subtract;
    bool const product = rule == extent_rule::multiply || rule == extent_rule::divide;
    return (sum && right == 0) || (product && right == 1) ? left : dims::unknown;
  }
  /// An extent of the result, of at most `bound`, that the op's kernel finds (op_traits::finds).
  constexpr i64 found(i64 bound) { return symbols ? symbols->found(bound) : dims::unknown; }
  /// How many places a window has along an extent of `x`, padding included; refuses where it cannot fit. A shape is
  /// refused that is smaller than the window, as TensorFlow's shape functions do; its kernels, and with them extents
  /// that only a run tells, have room for none as long as less than a stride is missing.
  constexpr i64 places(window_stride along, i64 padded, dims const& x, dims const& window) {
    bool const fits = padded < 0 || padded >= along.reach || (padded == 0 && along.places(0) >= 0);
    if (!fits) refuse(refusal_kind::no_window, x, window);
    return fits ? derived(extent_rule::windows, padded, along.code()) : 0;
  }
  /// An extent that an attribute spells: a number, a symbol's name, or unknown, which is a symbol of its own in a run.
  constexpr i64 spelled(i64 word) {
    if (!symbols || word > dims::unknown) return word;
    if (word == dims::unknown) return symbols->anonymous();
    return word < dims::name_bound ? symbols->by_name(word, {}) : word;
  }
  /// The place of an axis of `x` (place_of_axis); refuses where it has none.
  constexpr int axis_of(dims const& x, i64 axis) { return checked_axis(x, axis, place_of_axis(axis, x.rank)); }
  /// The place that a new axis takes in what is `x` and that axis; refuses where there is none.
  constexpr int new_axis_of(dims const& x, i64 axis) {
    return checked_axis(x, axis, x.rank < max_rank ? place_of_axis(axis, x.rank + 1) : no_axis);
  }
  /// A box of `size` that begins at `begin` lies within axis `axis` of `x`; refuses with `asked` where it cannot.
  constexpr void within(i64 begin, i64 size, int axis, dims const& x, dims const& asked) {
    i64 const extent = x[axis];
    bool const fits = symbols ? symbols->within(begin, size, extent, axis, x)
                              : extent < 0 || (begin < 0 ? 0 : begin) + (size < 0 ? 0 : size) <= extent;
    if (!fits) refuse(refusal_kind::shape_mismatch, x, asked);
  }

 private:
  constexpr int checked_axis(dims const& x, i64 axis, int place) {
    if (place == no_axis) refuse(refusal_kind::axis, x, {}, axis);
    return place;
  }
  constexpr bool begin_refusal(refusal_kind kind) {
    refused = true;
    if (error.kind != refusal_kind::none) return false;
    error.kind = kind;
    error.op = op;
    return true;
  }
};

TFX_END
