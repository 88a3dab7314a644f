// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/region.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/region.hpp>

TFX_BEGIN

template <class Call>
void loop_op::run(Call const& call) {
  static constexpr attribute_words attributes = Call::attributes();
  static constexpr loop_form form(attributes);
  static constexpr auto bytes_each = [](int input) { return bytes_of(Call::all.operands[input].type); };
  constexpr int last_slot = Call::all.slots;
  std::uint16_t const* const slots = call.of.slots;
  void** const buffers = const_cast<void**>(call.of.buffers);
  auto const bytes = [&](int input) { return call.count(Call::in_shape(input)) * bytes_each(input); };
  auto const output = [&](int k) -> void* {
    if (!Call::has_output(k)) return nullptr;
    return buffers[slots[Call::all.operands[Call::input_count + k].slot]];
  };

  kernel::loop_state states[form.states + 1];
  int own = last_slot;
  for (int k = 0; k < form.states; ++k) {
    kernel::loop_state& s = states[k];
    s = {slots[form.argument(k)], slots[form.next(k)], buffers[slots[form.initial(k)]], {}, output(k),
         bytes(form.initial(k))};
    if (is_yielded<Call>(k)) continue;
    for (void*& place : s.places) place = buffers[slots[own++]];
  }
  kernel::loop_slices slices[form.sequences + form.yields + 1];
  for (int q = 0; q < form.sequences; ++q)
    slices[q] = {slots[form.sequence_argument(q)], buffers[slots[form.sequence(q)]], bytes(form.sequence_argument(q))};
  for (int y = 0; y < form.yields; ++y)
    slices[form.sequences + y] = {slots[form.yield(y)], output(form.stack(y)), bytes(form.yield(y))};

  i64 most = form.most;
  if constexpr (form.is_counted()) {
    most = *static_cast<std::int32_t const*>(buffers[slots[form.count()]]);
  } else if constexpr (!form.has_predicate()) {
    most = call.extent(Call::in_shape(form.sequence(0))[0]);
  }
  kernel::loop const loop{*static_cast<kernel::body const*>(buffers[slots[own]]),
                          states,
                          form.states,
                          slices,
                          form.sequences + form.yields,
                          most,
                          form.is_backward(),
                          form.has_predicate() ? slots[form.predicate()] : -1};
  i64 const iterations = loop.run(buffers, call.of.extents);
  if constexpr (form.has_predicate() && Call::has_output(form.iterations()))
    *static_cast<std::int32_t*>(output(form.iterations())) = static_cast<std::int32_t>(iterations);
}

template <class Call>
void branch_op::run(Call const& call) {
  static constexpr branch_form form(Call::attributes().at);
  std::uint16_t const* const slots = call.of.slots;
  void** const buffers = const_cast<void**>(call.of.buffers);
  int const taken = *call.template in<0>() ? 0 : 1;
  for (int k = 0; k < form.values; ++k)
    buffers[slots[form.value(taken, k)]] = buffers[slots[Call::all.operands[Call::input_count + k].slot]];
  auto const& body = *static_cast<kernel::body const*>(buffers[slots[Call::all.slots + taken]]);
  body.run(body.first, body.last, buffers, call.of.extents);
}

TFX_END
