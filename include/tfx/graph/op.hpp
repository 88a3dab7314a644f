// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/inference.hpp>

TFX_BEGIN

struct handle;
struct gradient_call;
struct simplification;
struct update_call;

/// How the compiler treats an op.
enum class op_kind : unsigned char {
  leaf,         // a value that a run is given: placeholder, variable, literal
  splat,        // one number everywhere, known to the compiler
  elementwise,  // one value per element; fused
  reduction,    // folds axes; joins the loop that makes its input
  view,         // the memory of its first input under another shape
  column,       // a part of the memory of its first input, which loops read in place
  kernel,       // has a kernel of its own
  effect,       // writes a variable
  marker,       // expanded by a pass
  output,       // one value of an op of several outputs
};

/// What the passes know of an op. They hold a pointer to it and never name an op's type.
struct op_info {
  std::string_view name;
  u64 hash = 0;
  op_kind kind = op_kind::kernel;
  bool multilinear = false;  // linear in each differentiable input: the op itself is its forward derivative
  bool unique = false;       // never merged with another of its kind (random numbers)
  bool state = false;        // a leaf that a session keeps for an op and makes by itself (where a random stream stands)
  bool is_token = false;     // a leaf that carries nothing but the identity of a call
  bool owns_numbers = false;     // the numbers in its input are its own (a variable and its initial value)
  bool renames_numbers = false;  // tells those that are anonymous apart; words: a tag, whether that is to be done again
  bool may_fail = false;         // its kernel refuses some values; an elementwise op some integers
  bool has_outputs = false;      // it has no value itself: nodes of output_op have those
  int first_extent = 0;          // words from here on are extents, symbols among them; 0: none are
  void (*infer)(inference&) = nullptr;
  void (*gradient)(gradient_call&) = nullptr;
  void (*tangent)(gradient_call&) = nullptr;
  bool simplifies = false;
  bool updates = false;  // an optimizer: `update` gives the new value of one variable
  void (*simplify)(simplification&) = nullptr;
  void (*update)(update_call&) = nullptr;
  bool counts_flops = false;  // otherwise one for each element
  double (*flops)(dims const* inputs, dims const& result, i64 const* words) = nullptr;
  bool has_type = false;
  std::string_view (*type)(int rank) = nullptr;  // TensorFlow's type of a node whose result has the rank, if not `name`
  char const* mismatch = "Incompatible shapes: %s vs. %s";  // what a run says where extents disagree
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
  result.name = Op::name;
  result.hash = define_op<Op>::hash;
  result.kind = Op::kind;
  if constexpr (requires { Op::multilinear; }) result.multilinear = Op::multilinear;
  if constexpr (requires { Op::unique; }) result.unique = Op::unique;
  if constexpr (requires { Op::state; }) result.state = Op::state;
  if constexpr (requires { Op::is_token; }) result.is_token = Op::is_token;
  if constexpr (requires { Op::owns_numbers; }) result.owns_numbers = Op::owns_numbers;
  if constexpr (requires { Op::renames_numbers; }) result.renames_numbers = Op::renames_numbers;
  if constexpr (requires { Op::may_fail; }) result.may_fail = Op::may_fail;
  if constexpr (requires { Op::mismatch; }) result.mismatch = Op::mismatch;
  result.infer = &Op::infer;
  if constexpr (requires { Op::has_outputs; }) {
    result.has_outputs = true;
    result.infer = &infer_output<Op>;
  }
  result.gradient = &gradient_with<Op>;
  result.tangent = &tangent_with<Op>;
  if constexpr (requires { Op::first_extent; }) result.first_extent = Op::first_extent;
  if constexpr (requires { Op::simplifies; } || requires { Op::foldable; }) {
    result.simplifies = true;
    result.simplify = &simplify_with<Op>;
  }
  if constexpr (requires(update_call& call) { Op::update(call); }) {
    result.updates = true;
    result.update = &Op::update;
  }
  if constexpr (requires(dims d, i64 const* words) { Op::flops(&d, d, words); }) {
    result.counts_flops = true;
    result.flops = &Op::flops;
  }
  if constexpr (requires { Op::type(0); }) {
    result.has_type = true;
    result.type = &Op::type;
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
  static constexpr op_kind kind = op_kind::elementwise;
  static constexpr int inputs = Inputs;

  /// The shape rule of every elementwise op; `accepts` judges the common dtype.
  static constexpr void infer_same(inference& call, void (*accepts)(inference&, dtype)) {
    for (int i = 1; i < call.input_count(); ++i)
      if (call.types[i] != call.types[0])
        return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[i]);
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
  if (d == dtype::none || d == dtype::string) call.refuse_types(refusal_kind::needs_number, d);
}
constexpr void any_dtype(inference&, dtype) {}
/// Numbers, bool and strings: whatever has a value. An elementwise op that accepts strings computes one by `texts`.
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
  static constexpr void infer(inference& call) { elementwise<Inputs>::infer_same(call, only_bool); }
};
/// Elementwise from two of one dtype to bool.
struct comparison : elementwise<2> {
  static constexpr void infer(inference& call) {
    infer_same(call, any_number);
    call.type = dtype::boolean;
  }
};

TFX_END
