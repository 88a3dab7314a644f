// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/inference.hpp>

TFX_BEGIN

struct handle;
struct fragment;
struct gradient_call;
struct simplification;
struct update_call;
struct scratch_request;

/// How the compiler treats an op.
enum class op_kind : unsigned char {
  leaf,         // a value that a run is given: placeholder, variable, literal
  splat,        // one number everywhere, known to the compiler
  sequence,     // whole numbers that count up from element to element; words: the first, the step
  elementwise,  // one value per element; fused
  reduction,    // folds axes; joins the loop that makes its input
  view,         // the memory of its first input under another shape
  kernel,       // has a kernel of its own
  composed,     // other ops stand in its place: its `simplify` always has a result
  effect,       // writes a variable
  marker,       // expanded by a pass
  output,       // one value of an op of several outputs
  region,       // has a kernel that runs parts of the graph: those that make some of its inputs (graph/region.hpp)
};

/// What an op may lack: refusals name it.
enum class op_member : unsigned char {
  none,
  name,
  kind,
  traits,
  infer,
  value,
  identity_combine_fold,
  run,
  simplify,
  what_traits_say
};

/// How a marker derives its first input.
enum class derivation : unsigned char { none, reverse, forward };

/// What the passes know of an op beside its rules. An op names what holds, `traits{.multilinear = true}`, or nothing,
/// `traits{}`.
struct op_traits {
  bool multilinear = false;  // linear in each differentiable input: the op itself is its forward derivative
  bool unique = false;       // never merged with another of its kind (random numbers)
  bool state = false;        // a leaf that a session keeps for an op and makes by itself (where a random stream stands)
  bool is_token = false;     // a leaf that carries nothing but the identity of a call
  bool owns_numbers = false;     // the numbers in its input are its own (a variable and its initial value)
  bool transparent = false;      // flattening leaves nothing of it
  bool renames_numbers = false;  // tells those that are anonymous apart; words: a tag, whether that is to be done again
  bool may_fail = false;         // its kernel refuses some values; an elementwise op some integers
  bool ordered = false;          // users see it happen: nodes of such ops run in the order in which a program has them
  bool foldable = false;         // its value of numbers that the compiler knows is one of them
  bool simplifies = false;       // has `simplify`
  bool updates = false;          // an optimizer: has `update`, which gives the new value of one variable
  bool counts_flops = false;     // has `flops`; otherwise one for each element
  bool has_type = false;         // has `type`: TensorFlow's type of a node of some rank is not `name`
  bool has_outputs = false;      // it has no value itself: nodes of output_op have those
  bool has_scratch = false;      // has `scratch`, which asks for memory that its kernel works in
  bool has_epilogue = false;  // its kernel hands its results to a loop over them where one follows: run(call, epilogue)
  bool divisible = false;     // its kernel does the part of the work that it is asked for (context::part)
  bool finds = false;         // its kernel tells an extent of its one output (inference::found), and `may_fail`
  bool strided = false;       // a view of some elements, for loops alone; words: every how many-th, from which on
  int next_state = -1;        // the input, a state, whose next value its kernel writes
  int first_extent = 0;       // words from here on are extents, symbols among them; 0: none are
  derivation derives = derivation::none;
  char const* mismatch = "Incompatible shapes: %s vs. %s";  // what a run says where extents disagree
};

/// In the place of a gradient: to derivatives the op is a constant, so none comes through it. Its value is constant
/// almost everywhere, or whole numbers, or it stops derivatives by its nature.
struct constant_to_derivatives_t {};
inline constexpr constant_to_derivatives_t constant_to_derivatives{};

/// In the place of a rule that an op has not written.
struct no_rule_t {};
inline constexpr no_rule_t no_rule{};

// The contract of an op: docs/op.md says the same with an example. Nothing here asks what a rule does, which may take
// ops that come later; and every question is one that costs a compiler little, once for each op.
namespace detail {
/// Its gradient is told by one call for all inputs, not element by element.
template <class Op>
concept derives_by_call = requires(gradient_call& call) { Op::gradient(call); };
template <class Op>
concept is_constant = requires { requires std::is_same_v<decltype(Op::gradient), constant_to_derivatives_t const>; };
/// Functions of elements are templates, of which only the base's place can be told.
template <class Op>
concept derives_elements =
    Op::kind == op_kind::elementwise && !requires { requires std::is_same_v<decltype(Op::gradient), no_rule_t const>; };
template <class Op>
concept has_gradient = derives_by_call<Op> || derives_elements<Op> || is_constant<Op> || Op::kind == op_kind::region;
template <class Op>
concept has_tangent = requires(gradient_call& call) { Op::tangent(call); } || Op::kind == op_kind::region;
template <class Op>
concept simplifies = requires(simplification& call) { Op::simplify(call); };
template <class Op>
concept updates = requires(update_call& call) { Op::update(call); };
/// The forward derivative follows from the other rules where no `tangent` is written.
template <class Op>
concept derives_forward = Op::traits.multilinear || (!derives_by_call<Op> && derives_elements<Op>);

/// Names that an op may have: of `members<Op>` those that the op has too are ambiguous, whatever they stand for.
struct member_names {
  int convert, identity, combine, fold;
};
template <class Op>
struct members : Op, member_names {};
/// In the place of a kernel's call.
struct any_call {};
template <class Op, op_kind Kind>
inline constexpr bool has_what_its_kind_needs = true;
template <class Op>
inline constexpr bool has_what_its_kind_needs<Op, op_kind::elementwise> =
    requires { Op::inputs; } &&
    (!requires { requires std::is_same_v<decltype(Op::value), no_rule_t const>; } || !requires { &members<Op>::convert; });
template <class Op>
inline constexpr bool has_what_its_kind_needs<Op, op_kind::reduction> =
    !requires { &members<Op>::identity; } && !requires { &members<Op>::combine; } && !requires { &members<Op>::fold; };
template <class Op>
inline constexpr bool has_what_its_kind_needs<Op, op_kind::kernel> = requires(any_call const& call) { Op::run(call); };
template <class Op>
inline constexpr bool has_what_its_kind_needs<Op, op_kind::region> = requires(any_call const& call) { Op::run(call); };
template <class Op>
inline constexpr bool has_what_its_kind_needs<Op, op_kind::composed> = simplifies<Op>;
template <class Op>
inline constexpr bool has_what_its_traits_say =
    Op::traits.simplifies == simplifies<Op> && Op::traits.updates == updates<Op> &&
    Op::traits.counts_flops == requires { &Op::flops; } && Op::traits.has_type == requires { &Op::type; } &&
    Op::traits.has_scratch == requires { &Op::scratch; } &&
    (!Op::traits.finds || (Op::kind == op_kind::kernel && Op::traits.may_fail && !Op::traits.has_outputs));
}  // namespace detail

/// What passes and kernels may rely on.
template <class Op>
concept op = requires(inference& call) {
  std::string_view(Op::name);
  requires std::is_same_v<decltype(Op::kind), op_kind const>;
  requires std::is_same_v<decltype(Op::traits), op_traits const>;
  Op::infer(call);
  requires detail::has_what_its_kind_needs<Op, Op::kind>;
  requires detail::has_what_its_traits_say<Op>;
};

namespace detail {
/// The first member that an op lacks.
template <class Op>
constexpr op_member lacking() {
  if constexpr (op<Op>) {
    return op_member::none;
  } else if constexpr (!requires { std::string_view(Op::name); }) {
    return op_member::name;
  } else if constexpr (!requires { requires std::is_same_v<decltype(Op::kind), op_kind const>; }) {
    return op_member::kind;
  } else if constexpr (!requires { requires std::is_same_v<decltype(Op::traits), op_traits const>; }) {
    return op_member::traits;
  } else if constexpr (!requires(inference& call) { Op::infer(call); }) {
    return op_member::infer;
  } else if constexpr (!has_what_its_kind_needs<Op, Op::kind>) {
    return Op::kind == op_kind::elementwise ? op_member::value
           : Op::kind == op_kind::reduction ? op_member::identity_combine_fold
           : Op::kind == op_kind::composed  ? op_member::simplify
                                            : op_member::run;
  } else {
    return op_member::what_traits_say;
  }
}
}  // namespace detail

TFX_END
