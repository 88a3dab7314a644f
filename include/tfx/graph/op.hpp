// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/contract.hpp>
#include <tfx/graph/scratch.hpp>

TFX_BEGIN

/// What the passes know of an op. They hold a pointer to it and never name an op's type.
struct op_info : op_traits {
  std::string_view name;
  u64 hash = 0;
  op_kind kind = op_kind::kernel;
  op_member lacks = op_member::none;
  bool is_constant = false;  // to derivatives
  bool has_gradient = false;
  bool has_tangent = false;
  void (*infer)(inference&) = nullptr;
  void (*gradient)(gradient_call&) = nullptr;
  void (*tangent)(gradient_call&) = nullptr;
  void (*simplify)(simplification&) = nullptr;
  void (*update)(update_call&) = nullptr;
  int slots = 0;  // of an optimizer: how many variables it keeps beside each
  double (*flops)(dims const* inputs, dims const& result, attribute_words attributes) = nullptr;
  std::string_view (*type)(int rank) = nullptr;
  void (*scratch)(scratch_request&) = nullptr;
};

namespace detail {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <u64 Hash>
struct op_key {
  friend constexpr auto op_type(op_key<Hash>);
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
template <class Op>
struct type_box {
  using type = Op;
};
template <class Op>
struct define_op {
  static constexpr u64 hash = hash_of(Op::name);
  friend constexpr auto op_type(op_key<hash>) { return type_box<Op>{}; }
};

template <class Op>
constexpr void gradient_with(gradient_call& call);
template <class Op>
constexpr void tangent_with(gradient_call& call);
template <class Op>
constexpr void simplify_with(simplification& call);

/// The rule of an op of several outputs for one of them, or, where none is asked for, for the op itself: it finds the
/// same mistakes.
template <class Op>
constexpr void infer_output(inference& call) {
  bool const itself = call.output < 0;
  if (itself) call.output = 0;
  Op::infer(call);
  if (!itself) return;
  call.type = dtype::none;
  call.shape = {};
}

template <class Op>
constexpr op_info make_info() {
  op_info result;
  if constexpr (!op<Op>) {
    result.lacks = lacking<Op>();
  } else {
    static_cast<op_traits&>(result) = Op::traits;
    result.name = Op::name;
    result.hash = define_op<Op>::hash;
    result.kind = Op::kind;
    result.is_constant = is_constant<Op>;
    result.has_gradient = has_gradient<Op>;
    result.has_tangent = has_tangent<Op> || derives_forward<Op>;
    result.infer = &Op::infer;
    if constexpr (Op::traits.has_outputs) result.infer = &infer_output<Op>;
    result.gradient = &gradient_with<Op>;
    result.tangent = &tangent_with<Op>;
    if constexpr (Op::traits.simplifies || Op::traits.foldable) {
      result.simplifies = true;
      result.simplify = &simplify_with<Op>;
    }
    if constexpr (Op::traits.updates) {
      result.update = &Op::update;
      if constexpr (requires { Op::slots; }) result.slots = static_cast<int>(std::size(Op::slots));
    }
    if constexpr (Op::traits.counts_flops) result.flops = &Op::flops;
    if constexpr (Op::traits.has_type) result.type = &Op::type;
    if constexpr (Op::traits.has_scratch) result.scratch = &Op::scratch;
  }
  return result;
}
}  // namespace detail

template <class Op>
inline constexpr op_info info = detail::make_info<Op>();

/// Whether a descriptor's or a node's op is `Op`. By hash: under -fsanitize=undefined g++ does not take addresses of
/// templates for constants that can be compared.
template <class Op>
constexpr bool is(op_info const* op) {
  return op->hash == detail::define_op<Op>::hash;
}

/// The op of a hash: the way back from values to types, for the code generator and for refusals.
template <u64 Hash>
using op_of = typename decltype(op_type(detail::op_key<Hash>{}))::type;

/// Base of ops that compute each element from the elements at the same place; shapes broadcast.
template <int Inputs>
struct elementwise {
  static_assert(Inputs <= 4, "tfx: an elementwise op has at most 4 inputs");
  static constexpr op_kind kind = op_kind::elementwise;
  static constexpr int inputs = Inputs;
  static constexpr op_traits traits{};
  static constexpr auto value = no_rule, gradient = no_rule;  // what an op has it writes

  /// The shape rule of every elementwise op; `accepts` judges the common dtype.
  static constexpr void infer_same(inference& call, void (*accepts)(inference&, dtype)) {
    for (int i = 1; i < call.input_count(); ++i)
      if (call.types[i] != call.types[0]) {
        // A cast would not help where the op takes none of the two.
        for (dtype const type : {call.types[0], call.types[i]})
          if (is_quantized(type)) accepts(call, type);
        return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[i]);
      }
    accepts(call, call.types[0]);
    infer_shape(call);
    call.type = call.types[0];
  }
  static constexpr void infer_shape(inference& call) {
    if (call.failed() || call.defer()) return;
    call.shape = call.shapes[0];
    for (int i = 1; i < call.input_count(); ++i)
      if (!(call.shape == call.shapes[i]) && !broadcast(call.shape, call.shapes[i], call.symbols, call.shape))
        return call.refuse(refusal_kind::shape_mismatch, call.shapes[0], call.shapes[i]);
  }
};

/// Real numbers: whatever has an order.
constexpr void any_number(inference& call, dtype d) {
  if (!is_number(d)) call.refuse_types(is_complex(d) ? refusal_kind::needs_real : refusal_kind::needs_number, d);
}
constexpr void number_or_complex(inference& call, dtype d) {
  if (!is_number(d) && !is_complex(d)) call.refuse_types(refusal_kind::needs_number, d);
}
constexpr void only_floating(inference& call, dtype d) {
  if (!is_floating(d)) call.refuse_types(refusal_kind::needs_floating, d);
}
constexpr void floating_or_complex(inference& call, dtype d) {
  if (!is_floating(d) && !is_complex(d)) call.refuse_types(refusal_kind::needs_floating, d);
}
constexpr void only_complex(inference& call, dtype d) {
  if (!is_complex(d)) call.refuse_types(refusal_kind::needs_complex, d);
}
constexpr void only_bool(inference& call, dtype d) {
  if (d != dtype::boolean) call.refuse_types(refusal_kind::needs_bool, d);
}
constexpr void number_or_bool(inference& call, dtype d) {
  if (d == dtype::none || d == dtype::string || is_quantized(d)) call.refuse_types(refusal_kind::needs_number, d);
}
constexpr void any_dtype(inference&, dtype) {}
/// Numbers, quantized ones too, bool and strings: whatever has a value. An elementwise op that accepts strings computes
/// one by `texts`.
constexpr void any_value(inference& call, dtype d) {
  if (d == dtype::none) call.refuse_types(refusal_kind::needs_number, d);
}

/// Elementwise over real numbers: inputs of one dtype, which is the result's.
template <int Inputs>
struct arithmetic : elementwise<Inputs> {
  static constexpr void infer(inference& call) { elementwise<Inputs>::infer_same(call, any_number); }
};
/// Elementwise over numbers, complex ones too.
template <int Inputs>
struct complex_arithmetic : elementwise<Inputs> {
  static constexpr void infer(inference& call) { elementwise<Inputs>::infer_same(call, number_or_complex); }
};
/// Elementwise over float and double.
template <int Inputs>
struct transcendental : elementwise<Inputs> {
  static constexpr void infer(inference& call) { elementwise<Inputs>::infer_same(call, only_floating); }
};
/// Elementwise over bool.
template <int Inputs>
struct logical : elementwise<Inputs> {
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) { elementwise<Inputs>::infer_same(call, only_bool); }
};
/// Elementwise from two of one dtype to bool.
struct comparison : elementwise<2> {
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) {
    infer_same(call, any_number);
    call.type = dtype::boolean;
  }
};

TFX_END
