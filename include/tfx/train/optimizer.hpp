// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/multiply.hpp>
#include <tfx/op/subtract.hpp>
#include <tfx/op/variable.hpp>
#include <tuple>

TFX_BEGIN

namespace detail {

/// The variables that a loss may be lowered along, in the order in which they are met.
constexpr vector<descriptor const*> trainable_variables(descriptor const& loss) {
  vector<descriptor const*> found, stack;
  numbering seen, keys;
  seen.of(loss.hash);
  stack.push_back(&loss);
  while (!stack.empty()) {
    descriptor const& d = *stack.back();
    stack.pop_back();
    if (is<variable_op>(d.op)) {
      int const known = keys.keys.count;
      if (is_floating(d.type) && keys.of(variable_key(d)) == known) found.push_back(&d);
      continue;
    }
    for (int i = d.input_count - 1; i >= 0; --i)
      if (int const known = seen.keys.count; seen.of(d.inputs[i]->hash) == known) stack.push_back(d.inputs[i]);
  }
  return found;
}

struct slot_counts {
  int variables, text;
};
/// How many variables, and how many characters the names of all slots take.
template <class Op>
constexpr slot_counts count_slots(descriptor const& loss, std::string_view name) {
  vector<descriptor const*> const variables = trainable_variables(loss);
  int text = 0;
  for (descriptor const* v : variables)
    for (slot const& s : Op::slots)
      text += static_cast<int>(v->name.size() + 1 + (name.empty() ? s.name : name).size() + s.suffix.size());
  return {variables.size(), text};
}
/// For each variable its descriptor and those of its slots: variables named `w/Momentum`, or after the step where that
/// has a name, of the variable's dtype and shape.
template <class Op, slot_counts C>
struct slot_variables {
  static constexpr int slot_count = static_cast<int>(std::size(Op::slots));
  static constexpr int count = C.variables * slot_count;
  descriptor const* list[C.variables * (1 + slot_count) + 1];
  descriptor variables[count + 1], initial[count + 1];
  descriptor const* initial_values[count + 1];
  i64 words[count + 1][2 + max_rank];
  char text[C.text + 1];

  constexpr slot_variables(descriptor const& loss, std::string_view name)
      : list{}, variables{}, initial{}, initial_values{}, words{}, text{} {
    int at = 0, used = 0, place = 0;
    for (descriptor const* const v : trainable_variables(loss)) {
      list[place++] = v;
      for (slot const& s : Op::slots) {
        int const begin = used;
        for (std::string_view const part : {v->name, std::string_view("/"), name.empty() ? s.name : name, s.suffix})
          for (char const c : part) text[used++] = c;
        add(at, *v, s, {text + begin, static_cast<std::size_t>(used - begin)});
        list[place++] = &variables[at++];
      }
    }
  }

 private:
  constexpr void add(int at, descriptor const& of, slot const& s, std::string_view name) {
    dims const& shape = *of.shape;
    i64* const attributes = words[at];
    int const word_count = 2 + shape.rank;
    attributes[0] = splat_bits(s.initial, of.type);
    attributes[1] = static_cast<i64>(of.type);
    for (int i = 0; i < shape.rank; ++i) attributes[2 + i] = shape[i];
    initial[at] = value_descriptor(info<splat_op>, {}, of.type, shape, nullptr, 0, attributes, word_count);
    initial_values[at] = &initial[at];
    variables[at] = value_descriptor(info<variable_op>, name, of.type, shape, initial_values + at, 1, nullptr, 0);
  }
};

/// A step whose optimizer keeps state: the same expression with more inputs behind those that it is written with, each
/// variable followed by its slots.
template <class Op, class Name, u64 Loss, u64... In>
struct step_with_slots : applied<Op, Name, words<>, Loss, In...> {
  using base = applied<Op, Name, words<>, Loss, In...>;
  using base::result;
  static constexpr descriptor const& loss = *lookup(key<Loss>{});
  static constexpr slot_counts counts = count_slots<Op>(loss, Name::text);
  static constexpr slot_variables<Op, counts> slots{loss, Name::text};
  static constexpr int given = 1 + sizeof...(In), more = counts.variables * (1 + slots.slot_count);
  struct input_list {
    descriptor const* at[given + more + 1];
    constexpr input_list() : at{} {
      for (int i = 0; i < given; ++i) at[i] = base::inputs[i];
      for (int i = 0; i < more; ++i) at[given + i] = slots.list[i];
    }
  };
  static constexpr input_list all{};
  static constexpr descriptor content{base::content.op,
                                      base::content.hash,
                                      base::content.type,
                                      base::content.shape,
                                      base::content.name,
                                      base::content.name_hash,
                                      all.at,
                                      given + more,
                                      base::content.words,
                                      base::content.word_count,
                                      base::content.numbers,
                                      base::content.number_count,
                                      base::content.symbols,
                                      base::content.symbol_count};
  static constexpr u64 defined = bucket_of<result.hash>::template writer<step_with_slots>::done ? result.hash : 0;
};
template <class Op, class Name, u64... In>
struct mistake<step_with_slots<Op, Name, In...>> : mistake<applied<Op, Name, words<>, In...>> {};

template <bool Slots>
struct step_of {
  template <class Op, name Name, class... X>
  using type = result_t<Op, Name, X...>;
};
template <>
struct step_of<true> {
  template <class Op, name Name, class... X>
  using source = step_with_slots<Op, named_so<Name>, X::hash...>;
  template <class Op, name Name, class... X>
  using type = typename source<Op, Name, X...>::settled::template type<source<Op, Name, X...>>;
};
}  // namespace detail

namespace train {

/// What optimizers share. `Op` says how a variable changes; the parameters are numbers, or expressions that are
/// computed in each step.
template <class Op, class... Parameter>
class optimizer {
  template <class Indices, name Name, class Loss>
  struct parts;
  template <std::size_t... I, name Name, class Loss>
  struct parts<std::index_sequence<I...>, Name, Loss> {
    using token = typename detail::token_leaf<Name, Loss::hash, member_site<>{}>::type;
    using step = typename detail::step_of<requires {
      Op::slots;
    }>::template type<Op, Name, Loss, lifted<Parameter, Loss, member_site<Name>{}, static_cast<int>(I)>..., token>;
    static constexpr step make(Loss const& loss, std::tuple<Parameter...> const& parameters) {
      return compose<step>(loss, lift<Loss, member_site<Name>{}, static_cast<int>(I)>(std::get<I>(parameters), loss)...,
                           detail::token<Name, Loss::hash, member_site<>{}>());
    }
  };
  template <name Name, class Loss>
  using parts_of = parts<std::index_sequence_for<Parameter...>, Name, Loss>;
  template <name Name, class Loss>
  using loss_of = unique_input<Op, member_site<Name>{}, Loss>;

 public:
  /// One step that lowers `loss` along every variable that it depends on. Each call is a step of its own; where one run
  /// takes several along one loss, names tell them apart: `minimize<"first">(loss)`. What the optimizer keeps for a
  /// variable w is a variable `w/Momentum`, or `w/first` of a step that has a name.
  template <name Name = "", typed_expression Loss>
  constexpr typename parts_of<Name, loss_of<Name, Loss>>::step minimize(Loss const& loss) const {
    if constexpr (detail::told_apart<Loss>) {
      return parts_of<Name, Loss>::make(loss, parameters_);
    } else {
      return minimize<Name>(compose<loss_of<Name, Loss>>(loss));
    }
  }

 protected:
  constexpr explicit optimizer(Parameter... parameters) : parameters_(parameters...) {}

 private:
  std::tuple<Parameter...> parameters_;
};

}  // namespace train

TFX_END
