// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/fused_block.hpp>
#include <tfx/kernel/fused_program.hpp>
#include <tfx/kernel/shared_loop.hpp>

TFX_BEGIN

namespace kernel {

/// A loop over the elements of a product, run where the product's kernel makes them (see store_result). Input 0 of the
/// loop's program is the product, which comes in registers; the space is the product's rows and columns, or one axis
/// where all operands behave alike along both.
template <u64 Program>
struct loop_epilogue {
  static constexpr fused_program p = decode_fused(kernel_description(description_key<Program>{}).word);
  static_assert(p.inputs > 0 && p.outputs > 0 && p.rank <= 2);
  static constexpr int operand_count = p.inputs - 1 + p.outputs;
  using T = type_of<p.values[0].type>;

  char* base[operand_count + 1];  // of inputs but the first, then of outputs
  T* origin;                      // where the first element of the product would be
  i64 columns;

  /// The first `n` lanes of `value` are the elements of the product that belong at `c`.
  template <int L>
  TFX_INLINE void operator()(T* c, simd::pack<T, L> const& value, int n) const {
    i64 const at = c - origin;
    if (n == L) {
      block<access::all>(value, at, L, indices{});
    } else {
      block<access::first>(value, at, n, indices{});
    }
  }

 private:
  using indices = loop_indices<std::make_integer_sequence<int, p.inputs>, std::make_integer_sequence<int, p.sequences>,
                               std::make_integer_sequence<int, p.immediates>, std::make_integer_sequence<int, p.steps>,
                               std::make_integer_sequence<int, p.outputs>>;
  static constexpr unsigned all_axes = (1u << p.rank) - 1u;
  static constexpr i64 static_columns = p.rank == 2 && p.is_static(1) ? p.axes[1].coefficient : -1;

  template <int I, int L>
  using cell_of = cell<I, simd::pack<type_of<p.values[I].type>, L>>;
  template <int L, int... I>
  static cells<std::integer_sequence<int, I...>, simd::pack<type_of<p.values[I].type>, L>...> list_cells(
      std::integer_sequence<int, I...>);
  template <int L>
  using registers = decltype(list_cells<L>(std::make_integer_sequence<int, p.first_step() + p.steps>{}));

  /// Where the element of an operand is that belongs to element `at` of the product.
  template <unsigned Varies>
  TFX_INLINE i64 place(i64 at) const {
    i64 const n = static_columns >= 0 ? static_columns : columns;
    if constexpr (Varies == all_axes) {
      return at;
    } else if constexpr (Varies == 2) {
      return at % n;
    } else if constexpr (Varies == 1) {
      return at / n;
    } else {
      return 0;
    }
  }
  static constexpr access read(unsigned varies, access how) {
    return p.rank > 0 && (varies >> (p.rank - 1) & 1u) ? how : access::one;
  }
  template <int I, int L, access How>
  TFX_INLINE auto load(simd::pack<T, L> const& value, i64 at, int count) const {
    if constexpr (I == 0) {
      return value;
    } else {
      constexpr unsigned varies = p.values[I].varies;
      return load_as<type_of<p.values[I].type>, L, read(varies, How)>(base[I - 1], place<varies>(at), 0, count);
    }
  }
  template <int I, int L, access How>
  TFX_INLINE auto count_from(i64 at, int count) const {
    constexpr fused_program::value counted = p.values[p.inputs + I];
    using Counted = type_of<counted.type>;
    return count_as<Counted, L, read(counted.varies, How), p.counted[I].first, p.counted[I].step,
                    !std::is_floating_point_v<Counted>>(place<counted.varies>(at), 0, count);
  }
  template <access How, int L, int... In, int... Sequence, int... Immediate, int... Step, int... Out>
  TFX_INLINE void block(simd::pack<T, L> const& value, i64 at, int count,
                        loop_indices<std::integer_sequence<int, In...>, std::integer_sequence<int, Sequence...>,
                                     std::integer_sequence<int, Immediate...>, std::integer_sequence<int, Step...>,
                                     std::integer_sequence<int, Out...>>) const {
    registers<L> r;
    ((static_cast<cell_of<In, L>&>(r).value = load<In, L, How>(value, at, count)), ...);
    ((static_cast<cell_of<p.inputs + Sequence, L>&>(r).value = count_from<Sequence, L, How>(at, count)), ...);
    ((static_cast<cell_of<p.first_immediate() + Immediate, L>&>(r).value =
          simd::pack<type_of<p.values[p.first_immediate() + Immediate].type>, L>(
              from_splat_bits<type_of<p.values[p.first_immediate() + Immediate].type>>(
                  p.values[p.first_immediate() + Immediate].bits))),
     ...);
    ((static_cast<cell_of<p.first_step() + Step, L>&>(r).value =
          compute_as<op_of<p.program[Step].op>, simd::pack<type_of<p.program[Step].type>, L>, p.program[Step].count>(
              static_cast<cell_of<p.program[Step].arguments[0], L>&>(r).value,
              static_cast<cell_of<p.program[Step].arguments[1], L>&>(r).value,
              static_cast<cell_of<p.program[Step].arguments[2], L>&>(r).value,
              static_cast<cell_of<p.program[Step].arguments[3], L>&>(r).value)),
     ...);
    (store_as<type_of<p.out[Out].type>, L, How>(
         static_cast<cell_of<p.out[Out].from, L>&>(r).value,
         reinterpret_cast<type_of<p.out[Out].type>*>(base[p.inputs - 1 + Out]) + at, count),
     ...);
  }
};

/// The function of an op's own kernel whose results go into a loop: `Op::run(call, epilogue, to)`.
template <class Op, u64 Hash>
struct with_epilogue {
  static void run(void* const* buffers, i64 const* extents, std::uint16_t const* slots, work_part part) {
    if (!Op::traits.divisible && part.index > 0) return;
    context const of{buffers, extents, slots, part};
    using call = kernel::call<Hash>;
    call const product{of};
    using epilogue_type = loop_epilogue<shared_loop<Hash, call::end_word>::hash>;
    epilogue_type epilogue;
    for (int i = 0; i < epilogue_type::operand_count; ++i) epilogue.base[i] = of.at<char>(call::all.slots + i);
    // Only differences of such addresses count, where nothing is kept there.
    if constexpr (call::ask_scratch().count > 0) {
      epilogue.origin = product.scratch();
    } else {
      epilogue.origin = reinterpret_cast<typename epilogue_type::T*>(epilogue.base[epilogue_type::p.inputs - 1]);
    }
    epilogue.columns = 1;
    if constexpr (epilogue_type::p.rank == 2)
      epilogue.columns = extent_of(decode_axis(call::raw.word + call::end_word, 1), of, call::operand_count);
    Op::run(product, static_cast<epilogue_type const&>(epilogue), epilogue.origin);
  }
};

}  // namespace kernel

TFX_END
