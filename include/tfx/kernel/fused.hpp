// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/fused_sums.hpp>
#include <tfx/kernel/shared_loop.hpp>

TFX_BEGIN

namespace kernel {

template <u64 Hash>
struct fused : fused_sums<Hash> {
  using layout = fused_layout<Hash>;
  using sums = fused_sums<Hash>;
  using layout::p, layout::rank, layout::inner, layout::lanes, layout::any_lanes, layout::any_reduction,
      layout::has_panel, layout::panels, layout::panel_size, layout::panel_bytes, layout::chains, layout::stretch,
      layout::any_overflow, layout::any_overflow_across_rows, layout::all_outputs, layout::list_tiles,
      layout::fits_one_pass, layout::set_of, layout::down_axis, layout::stores, layout::divisible;
  using sums::operand_count, sums::moving_count, sums::moves;
  using typename layout::output_indices;
  using typename sums::state, typename sums::offsets, typename sums::indices;
  template <int I>
  using reduction_of = typename layout::template reduction_of<I>;
  template <int I>
  using memory_type = typename layout::template memory_type<I>;
  template <int I>
  using accumulator = typename sums::template accumulator<I>;
  template <dtype D>
  using pack = simd::pack<type_of<D>, lanes>;

  static constexpr int first_immediate = p.first_immediate(), first_step = p.first_step();
  template <int I>
  using cell_of = cell<I, pack<p.values[I].type>>;
  template <int... I>
  static cells<std::integer_sequence<int, I...>, pack<p.values[I].type>...> list_cells(
      std::integer_sequence<int, I...>);
  using registers = decltype(list_cells(std::make_integer_sequence<int, first_step + p.steps>{}));

  /// Over a space of these extents; `share`: of the outermost axis, where the loop is divisible.
  static void run(void* const* buffers, std::uint16_t const* slots, i64 const* extent, work_part::range share) {
    state s;
    for (int a = 0; a < rank; ++a) s.extent[a] = extent[a];
    for (int i = 0; i < operand_count; ++i) s.base[i] = static_cast<char*>(buffers[slots[i]]);
    if constexpr (rank > 1) {
      for (int i = 0; i < moving_count; ++i) {
        i64 stride = 1;
        for (int a = inner; a >= 0; --a) {
          bool const along = moves.of[i] >> a & 1u;
          s.stride[i][a] = along ? stride : 0;
          if (along) stride *= s.extent[a];
        }
      }
    }
    if constexpr (divisible) {
      s.begin[0] = share.begin;
      s.end[0] = share.end;
    }
    if constexpr (!any_reduction) {
      nest<0, all_outputs>(s, offsets{});
    } else {
      if constexpr (any_overflow_across_rows) {
        s.rows_each = most_added / (s.extent[inner] / (chains * lanes) + chains);
        if (s.rows_each < 1) s.rows_each = 1;
        s.rows_left = s.rows_each;
      }
      alignas(64) unsigned char memory[panels * panel_bytes + 1];
      s.panel = memory;
      prefill_all(s, output_indices{});
      if constexpr (panels == 0 || fits_one_pass()) {
        pass<all_outputs>(s);
      } else {
        pass_alone(s, output_indices{});
      }
      complete_all(s, output_indices{});
    }
  }
  template <int... I>
  TFX_INLINE static void prefill_all(state& s, std::integer_sequence<int, I...>) {
    (sums::template prefill<I>(s), ...);
  }
  template <int... I>
  TFX_INLINE static void complete_all(state& s, std::integer_sequence<int, I...>) {
    (sums::template complete<I>(s), ...);
  }
  /// A pass for each output that has a panel, and one for the others.
  template <int... I>
  TFX_INLINE static void pass_alone(state& s, std::integer_sequence<int, I...>) {
    constexpr unsigned rest = all_outputs & ~(0u | ... | (has_panel(I) ? 1u << I : 0u));
    (pass_alone<I>(s), ...);
    if constexpr (rest != 0) pass<rest>(s);
  }
  template <int I>
  TFX_INLINE static void pass_alone(state& s) {
    if constexpr (has_panel(I)) pass<set_of(I)>(s);
  }
  /// The whole space, one part after another where panels do not hold all results.
  template <unsigned Set>
  TFX_INLINE static void pass(state& s) {
    constexpr unsigned tiles = list_tiles(Set);
    if constexpr (any_lanes) start_all<-1, Set>(s, offsets{}, output_indices{});
    if constexpr (tiles == 0) {
      nest<0, Set>(s, offsets{});
    } else {
      i64 step[rank], room = panel_size;
      for (int a = inner; a >= 0; --a) {
        if (!(tiles >> a & 1u)) continue;
        step[a] = s.extent[a] < room ? s.extent[a] : room;
        room = step[a] < s.extent[a] ? 1 : step[a] > 1 ? room / step[a] : room;
        s.begin[a] = 0;
      }
      for (int a = 0; a >= 0;) {
        for (int k = 0; k < rank; ++k)
          if (tiles >> k & 1u) s.end[k] = s.extent[k] - s.begin[k] < step[k] ? s.extent[k] : s.begin[k] + step[k];
        nest<0, Set>(s, offsets{});
        for (a = inner; a >= 0; --a) {
          if (!(tiles >> a & 1u)) continue;
          s.begin[a] = s.end[a];
          if (s.begin[a] < s.extent[a]) break;
          s.begin[a] = 0;
        }
      }
    }
    if constexpr (any_lanes) finish_all<-1, Set>(s, offsets{}, output_indices{});
  }

  template <int Axis, unsigned Set>
  TFX_INLINE static void nest(state& s, offsets const& at) {
    [[maybe_unused]] constexpr bool cut =
        (divisible && Axis == 0) || (rank > 0 && list_tiles(Set) >> (rank > 0 ? Axis : 0) & 1u);
    if constexpr (any_lanes || panels > 0) start_all<Axis, Set>(s, at, output_indices{});
    if constexpr (rank == 0) {
      block<access::first, Set, false>(s, at, 0, 1, 0, indices{});
    } else if constexpr (Axis == down_axis(Set)) {
      offsets here = at;
      i64 const at_once = rows_at_once(s.extent[inner], stores(Set));
      i64 left = s.extent[Axis];
      s.begins = true;
      do {
        s.rows = left < at_once ? left : at_once;
        left -= s.rows;
        s.ends = left == 0;
        if constexpr (Axis + 1 < inner) {
          nest<Axis + 1, Set>(s, here);
        } else {
          start_all<inner, Set>(s, here, output_indices{});
          go_down<Set>(s, here);
          finish_all<inner, Set>(s, here, output_indices{});
        }
        advance<Axis>(s, here, s.rows);
        s.begins = false;
      } while (left > 0);
    } else if constexpr (Axis < inner) {
      offsets here = at;
      if constexpr (cut) advance<Axis>(s, here, s.begin[Axis]);
      for (i64 i = cut ? s.begin[Axis] : 0; i < (cut ? s.end[Axis] : s.extent[Axis]); ++i) {
        nest<Axis + 1, Set>(s, here);
        advance<Axis>(s, here, 1);
      }
    } else if constexpr (down_axis(Set) >= 0) {
      go_down<Set>(s, at);
    } else {
      // What a row of static length cannot need is not written: the compiler would read it only to throw it away.
      constexpr i64 known = p.is_static(inner) && !cut ? p.axes[inner].coefficient : -1;
      constexpr i64 rest = rest_of_row<Set>(lanes), rest_of_chains = rest_of_row<Set>(chains * lanes);
      constexpr bool empties = any_overflow && (known < 0 || known > stretch);
      i64 const n = known >= 0 ? known : cut ? s.end[inner] : s.extent[inner];
      i64 i = cut ? s.begin[inner] : 0;
      if constexpr ((chains > 1 || empties) && (known < 0 || known >= chains * lanes)) {
        do {
          i64 const stop = empties && n - i > stretch ? i + stretch : n;
          for (; i + chains * lanes <= stop; i += chains * lanes) {
            // g++ -O2 leaves the loop as it is, and the accumulators in memory.
#pragma GCC unroll 4
            for (int c = 0; c < chains; ++c) block<access::all, Set, false>(s, at, i + c * lanes, 0, c, indices{});
          }
          if constexpr (empties)
            if (stop < n) sums::template empty_all<false, Set>(s, output_indices{});
        } while (empties && i + chains * lanes <= n);
      }
      if constexpr ((chains > 1 ? rest_of_chains != 0 : !empties) && (known < 0 || known >= lanes))
        for (; i + lanes <= n; i += lanes) block<access::all, Set, false>(s, at, i, 0, 0, indices{});
      if constexpr (rest != 0)
        if (i < n) block<access::first, Set, false>(s, at, i, static_cast<int>(n - i), 0, indices{});
      if constexpr (any_overflow_across_rows) {
        if (--s.rows_left == 0) {
          sums::template empty_all<true, Set>(s, output_indices{});
          s.rows_left = s.rows_each;
        }
      }
    }
    if constexpr (any_lanes || panels > 0) finish_all<Axis, Set>(s, at, output_indices{});
  }
  /// How many elements of a row are left over of blocks of `count`, 0 where the compiler knows that none are. Shares of
  /// a row are blocks themselves, tiles are not.
  template <unsigned Set>
  static constexpr i64 rest_of_row(int count) {
    return list_tiles(Set) >> inner & 1u ? 1 : p.axes[inner].coefficient % count;
  }
  /// A row and those below it, a few columns at a time.
  template <unsigned Set>
  TFX_INLINE static void go_down(state& s, offsets const& at) {
    constexpr bool cut = list_tiles(Set) >> inner & 1u;
    constexpr i64 known = p.is_static(inner) && !cut ? p.axes[inner].coefficient : -1;
    i64 const n = known >= 0 ? known : cut ? s.end[inner] : s.extent[inner];
    i64 i = cut ? s.begin[inner] : 0;
    if constexpr (chains > 1 && (known < 0 || known >= chains * lanes))
      for (; i + chains * lanes <= n; i += chains * lanes)
        strip<access::all, chains, Set>(s, at, i, 0, output_indices{});
    if constexpr ((chains == 1 || rest_of_row<Set>(chains * lanes) != 0) && (known < 0 || known >= lanes))
      for (; i + lanes <= n; i += lanes) strip<access::all, 1, Set>(s, at, i, 0, output_indices{});
    if constexpr (rest_of_row<Set>(lanes) != 0)
      if (i < n) strip<access::first, 1, Set>(s, at, i, static_cast<int>(n - i), output_indices{});
  }
  template <access How, int Chains, unsigned Set, int... I>
  TFX_INLINE static void strip(state& s, offsets const& at, i64 i, int count, std::integer_sequence<int, I...>) {
    (sums::template clear_column<I, Set>(s), ...);
    offsets here = at;
    for (i64 row = 0; row < s.rows; ++row) {
#pragma GCC unroll 4
      for (int c = 0; c < Chains; ++c) block<How, Set, true>(s, here, i + c * lanes, count, c, indices{});
      advance<down_axis(Set)>(s, here, 1);
    }
    (sums::template gather_column<I, How, Chains, Set>(s, at, i, count), ...);
    sums::template empty_all<true, Set>(s, output_indices{});
  }
  template <int Axis>
  TFX_INLINE static void advance(state const& s, offsets& at, i64 by) {
    TFX_UNROLL for (int k = 0; k < moving_count; ++k) {
      if (moves.of[k] >> Axis & 1u) at.of[k] += by * s.stride[k][Axis];
    }
  }
  template <int Axis, unsigned Set, int... I>
  TFX_INLINE static void start_all([[maybe_unused]] state& s, [[maybe_unused]] offsets const& at,
                                   std::integer_sequence<int, I...>) {
    (sums::template start<I, Axis, Set>(s, at), ...);
  }
  template <int Axis, unsigned Set, int... I>
  TFX_INLINE static void finish_all([[maybe_unused]] state& s, [[maybe_unused]] offsets const& at,
                                    std::integer_sequence<int, I...>) {
    (sums::template finish<I, Axis, Set>(s, at), ...);
  }

  static constexpr access read(int value, access how) {
    return rank > 0 && (p.values[value].varies >> (rank > 0 ? inner : 0) & 1u) ? how : access::one;
  }
  static constexpr sink where(int output, unsigned set, bool down) {
    if (!(set >> output & 1u)) return sink::none;
    if (!p.reduces(output)) return sink::store;
    return p.keeps_lanes(output) || down ? sink::lanes : sink::memory;
  }
  // One register of elements, from place `i` of a row on.
  template <access How, unsigned Set, bool Down, int... In, int... Sequence, int... Immediate, int... Step, int... Out>
  TFX_INLINE static void block(state& s, offsets const& at, [[maybe_unused]] i64 i, [[maybe_unused]] int count,
                               [[maybe_unused]] int chain,
                               loop_indices<std::integer_sequence<int, In...>, std::integer_sequence<int, Sequence...>,
                                            std::integer_sequence<int, Immediate...>,
                                            std::integer_sequence<int, Step...>, std::integer_sequence<int, Out...>>) {
    registers r;
    ((r.cell_of<In>::value =
          load_as<type_of<p.values[In].type>, lanes, read(In, How), p.sources[In].stride, p.sources[In].offset>(
              s.base[p.sources[In].base], at.of[In], i, count)),
     ...);
    ((r.cell_of<p.inputs + Sequence>::value =
          count_as<type_of<p.values[p.inputs + Sequence].type>, lanes, read(p.inputs + Sequence, How),
                   p.counted[Sequence].first, p.counted[Sequence].step, layout::template counts_exactly<Sequence>()>(
              at.of[operand_count + Sequence], i, count)),
     ...);
    ((r.cell_of<first_immediate + Immediate>::value = pack<p.values[first_immediate + Immediate].type>(
          from_splat_bits<type_of<p.values[first_immediate + Immediate].type>>(
              p.values[first_immediate + Immediate].bits))),
     ...);
    ((r.cell_of<first_step + Step>::value =
          compute_as<op_of<p.program[Step].op>, pack<p.program[Step].type>, p.program[Step].count>(
              r.cell_of<p.program[Step].arguments[0]>::value, r.cell_of<p.program[Step].arguments[1]>::value,
              r.cell_of<p.program[Step].arguments[2]>::value, r.cell_of<p.program[Step].arguments[3]>::value)),
     ...);
    (put_as<where(Out, Set, Down), reduction_of<Out>, memory_type<Out>, lanes, How>(
         r.cell_of<p.out[Out].from>::value, s.base[p.inputs + Out], at.of[p.inputs + Out], i,
         static_cast<accumulator<Out>&>(s.acc).lanes_of[chain], count),
     ...);
  }
};

/// The function of a loop, by its own description. The loop's code is another one, which it shares with others.
template <u64 Hash>
struct fused_call {
  using shared = shared_loop<Hash, 0>;
  using loop = fused<shared::hash>;
  static constexpr int rank = shared::p.rank;
  static constexpr bool divisible = is_divisible(shared::p);

  template <int Axis>
  TFX_INLINE static i64 extent_along([[maybe_unused]] context const& of) {
    constexpr fused_program::axis axis = shared::p.axes[Axis];
    if constexpr (axis.symbol_count == 0) {
      return axis.coefficient;
    } else {
      return extent_of(axis, of, loop::operand_count);
    }
  }
  template <int... Axis>
  TFX_INLINE static void run(context const& of, std::integer_sequence<int, Axis...>) {
    i64 const extent[] = {extent_along<Axis>(of)..., 0};
    work_part::range share{0, extent[0]};
    if constexpr (divisible) share = of.part.of(extent[0], rank == 1 ? 64 : 1);
    loop::run(of.buffers, of.slots, extent, share);
  }
  static void run(void* const* buffers, i64 const* extents, std::uint16_t const* slots, work_part part) {
    if (!divisible && part.index > 0) return;
    run(context{buffers, extents, slots, part}, std::make_integer_sequence<int, rank>{});
  }
};

}  // namespace kernel

TFX_END
