// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/kernel/context.hpp>
#include <tfx/kernel/fused_block.hpp>
#include <tfx/kernel/fused_program.hpp>

TFX_BEGIN

namespace kernel {

/// How the loop of a description is built: its registers, and how its reductions are gathered.
template <u64 Hash>
struct fused_layout {
  static constexpr fused_program p = decode_fused(kernel_description(description_key<Hash>{}).word);
  static constexpr int rank = p.rank;
  static constexpr int inner = rank - 1;

  // Lanes: a register of the smallest dtype of 4 bytes or more, no wider than a short static row needs.
  static constexpr int choose_lanes() {
    int bytes = 0;
    auto const see = [&](dtype d) {
      int const b = bytes_of(d);
      if (b >= 4 && (bytes == 0 || b < bytes)) bytes = b;
    };
    for (int i = 0; i < p.inputs + p.sequences; ++i) see(p.values[i].type);
    for (int i = 0; i < p.steps; ++i) see(p.program[i].type);
    int count = simd::width<float> * 4 / (bytes == 0 ? 4 : bytes);
    if (rank == 0) return 1;
    int const last = rank > 0 ? inner : 0;
    while (count > 1 && p.is_static(last) && p.axes[last].coefficient <= count / 2) count /= 2;
    return count;
  }
  static constexpr int lanes = choose_lanes();

  static constexpr bool find_reductions(bool only_lanes) {
    for (int i = 0; i < p.outputs; ++i)
      if (only_lanes ? p.keeps_lanes(i) : p.reduces(i)) return true;
    return false;
  }
  static constexpr bool divisible = is_divisible(p);
  static constexpr bool any_lanes = find_reductions(true), any_reduction = find_reductions(false);

  using output_indices = std::make_integer_sequence<int, p.outputs>;
  template <int I>
  using out_type = type_of<p.out[I].type>;
  template <int I>
  using reduction_of = typename reduction_or_none<p.out[I].reduction>::type;

  // Long sums are added up in short stretches, and those in a wider type: `sum_of` of a reduction. Integers whose sum
  // may be larger than they can hold are wide from the first addition on.
  template <int... I>
  static constexpr unsigned find_wide(std::integer_sequence<int, I...>) {
    return (0u | ... | (std::is_same_v<sum_of<reduction_of<I>, out_type<I>>, out_type<I>> ? 0u : 1u << I));
  }
  static constexpr unsigned wide = any_reduction ? find_wide(output_indices{}) : 0;
  static constexpr bool is_wide(int output) { return wide >> output & 1u; }
  static constexpr bool is_exact(int output) { return is_wide(output) && !is_floating(p.out[output].type); }

  // The reductions of outputs that are not folded at once are gathered in memory: a long sum in a panel of the stack.
  static constexpr bool has_panel(int output) {
    if (!is_wide(output) || p.folds_at_once(output)) return false;
    i64 const count = p.static_count(~p.out[output].varies, 0, p.fold_axis(output));
    return is_exact(output) || count < 0 || count > most_added;
  }
  static constexpr int count_panels() {
    int count = 0;
    for (int i = 0; i < p.outputs; ++i) count += has_panel(i);
    return count;
  }
  static constexpr int panels = count_panels();
  // In elements; a whole register may be written at the last of them.
  static constexpr i64 panel_size = panels <= 1 ? 2048 : panels <= 4 ? 1024 : 256, panel_bytes = (panel_size + 64) * 8;

  // Independent partial results hide the latency of an addition.
  static constexpr int chains = (any_lanes || panels > 0) && p.steps <= 12 ? 4 : 1;
  static constexpr i64 stretch = most_added * chains * lanes;
  // Whether the lanes of an output must be emptied before they have taken too many elements.
  static constexpr bool overflows(int output) {
    if (!is_wide(output) || is_exact(output) || !p.keeps_lanes(output)) return false;
    i64 const rows = p.static_count(~0u, p.fold_axis(output), inner), columns = p.static_count(~0u, inner, rank);
    if (rows < 0 || columns < 0) return true;
    return rows == 1 ? columns > stretch : rows * (columns / (chains * lanes) + chains) > most_added;
  }
  static constexpr bool find_overflow(bool across_rows) {
    for (int i = 0; i < p.outputs; ++i)
      if (overflows(i) && (!across_rows || p.fold_axis(i) < inner)) return true;
    return false;
  }
  static constexpr bool any_overflow = find_overflow(false), any_overflow_across_rows = find_overflow(true);

  // Which outputs one pass over the space makes, as bits. Panels hold part of the space at a time, `tiles` are the
  // axes that are cut for it.
  static constexpr unsigned all_outputs = (1u << p.outputs) - 1u;
  static constexpr unsigned list_tiles(unsigned set) {
    unsigned axes = 0;
    for (int i = 0; i < p.outputs; ++i)
      if ((set >> i & 1u) && has_panel(i)) axes |= p.out[i].varies >> p.top_axis(i) << p.top_axis(i);
    i64 const count = p.static_count(axes, 0, rank);
    return count >= 0 && count <= panel_size ? 0 : axes;
  }
  // What is folded along an axis that is cut would come in parts, unless it is a single number.
  static constexpr bool fits_one_pass() {
    for (int i = 0; i < p.outputs; ++i)
      if ((has_panel(i) || (p.folds_at_once(i) && p.fold_axis(i) > 0)) && (list_tiles(all_outputs) & ~p.out[i].varies))
        return false;
    return true;
  }
  // The outputs of the pass that makes this one, which has a panel.
  static constexpr unsigned set_of(int output) { return fits_one_pass() ? all_outputs : 1u << output; }
  // The axis down which a pass goes a few elements at a time inside all other loops, so that the sums of a column stay
  // in registers: the innermost that no panel keeps. -1 where that would part what must stay together.
  static constexpr int down_axis(unsigned set) {
    int axis = inner - 1, first_lanes = 0;
    bool any = false;
    for (int i = 0; i < p.outputs; ++i) {
      if (!(set >> i & 1u) || !p.reduces(i)) continue;
      if (p.keeps_lanes(i)) {
        if (has_panel(i)) return -1;
        if (p.fold_axis(i) > first_lanes) first_lanes = p.fold_axis(i);
      } else {
        if (!has_panel(i)) return -1;
        any = true;
      }
    }
    for (bool kept = true; any && kept && axis >= 0;) {
      kept = false;
      for (int i = 0; i < p.outputs; ++i) kept = kept || ((set >> i & 1u) && has_panel(i) && p.keeps(i, axis));
      if (kept) --axis;
    }
    return any && axis >= first_lanes ? axis : -1;
  }
  static constexpr bool stores(unsigned set) {
    for (int i = 0; i < p.outputs; ++i)
      if ((set >> i & 1u) && !p.reduces(i)) return true;
    return false;
  }
  // Whether that axis is all that such an output folds: then its panel holds a sum only from some rows to the next.
  static constexpr bool is_direct(int output, unsigned set) {
    return has_panel(output) && !is_exact(output) && down_axis(set) >= 0 && p.top_axis(output) == down_axis(set);
  }

  // What a sequence is counted in: its own dtype where that is exact, integers all of whose values wrap around alike.
  template <int I>
  static constexpr bool counts_exactly() {
    using T = type_of<p.values[p.inputs + I].type>;
    if constexpr (std::is_floating_point_v<T>) {
      constexpr i64 most = i64{1} << std::numeric_limits<T>::digits;
      auto const fits = [](i64 x) { return x >= -most && x <= most; };
      i64 const first = p.counted[I].first, step = p.counted[I].step;
      i64 const count = p.static_count(p.values[p.inputs + I].varies, 0, rank);
      return count >= 0 && count <= most && fits(first) && fits(step) &&
             (step == 0 || (fits(count * step) && fits(first + count * step)));
    } else {
      return true;
    }
  }
  template <int I>
  using sum_type = sum_of<reduction_of<I>, out_type<I>>;
  template <int I>
  using lane_type = std::conditional_t<is_exact(I), sum_type<I>, out_type<I>>;
  template <int I>
  using memory_type = std::conditional_t<has_panel(I), sum_type<I>, out_type<I>>;
};

}  // namespace kernel

TFX_END
