// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/inspect/graph_def_node.hpp>
#include <vector>

TFX_BEGIN

namespace detail {
template <class Text>
class graph_def_writer : graph_def_node {
 public:
  explicit graph_def_writer(graph_view const& g)
      : graph_def_node(g),
        names_(static_cast<std::size_t>(g.nodes.size())),
        owners_(g.nodes.size()),
        uses_(g.nodes.size()) {
    find_owners();
    for (node_view const& n : g.nodes) names_[static_cast<std::size_t>(index_of(n))] = make_name(n);
  }

  Text write() {
    for (node_view const& n : g_.nodes) add(n);
    message_writer versions;
    versions.add_number(1, 27);  // the producer: TensorFlow 1.12
    graph_.add(4, versions);
    return graph_.bytes();
  }

 private:
  static constexpr int none = 0, shared = -1;

  message_writer graph_;
  std::vector<Text> names_;
  vector<int> owners_;  // the variable, + 1, whose initial value alone needs the node
  vector<int> uses_;    // by others than variables that begin as the node
  int steps_ = 0;

  int index_of(node_view const& n) const { return static_cast<int>(&n - g_.nodes.begin()); }
  int source(node_view const& n, int i) const { return g_.inputs[n.first_input + i].node; }
  Text const& name_of(node_view const& n) const { return names_[static_cast<std::size_t>(index_of(n))]; }

  void find_owners() {
    for (int at = g_.nodes.size() - 1; at >= 0; --at) {
      node_view const& n = g_.nodes[at];
      bool const begins = is_variable(n);
      int const owner = begins ? at + 1 : owners_[at] > 0 ? owners_[at] : shared;
      for (int i = 0; i < n.input_count; ++i) {
        int const from = source(n, i);
        if (!begins) ++uses_[from];
        owners_[from] = owners_[from] == none || owners_[from] == owner ? owner : shared;
      }
    }
  }
  // What a variable's initial value consists of stands under the variable's name, so that it folds into one with it.
  Text make_name(node_view const& n) const {
    Text const name(n.name);
    // So do assignments, as an optimizer's to its powers and to the global step.
    if (!n.is_named && is_assignment(n) && is_variable(g_.input(n, 0)))
      return Text(g_.input(n, 0).name) + "/Update/" + name;
    int const owner = owners_[index_of(n)];
    if (n.is_named || owner <= 0) return name;
    node_view const& variable = g_.nodes[owner - 1];
    bool const is_all = source(variable, 0) == index_of(n);
    return Text(variable.name) + (is_all ? "/initial_value" : "/Initializer/" + name);
  }
  // One number that several variables begin as is written for each, so that none seems to hang on another.
  bool is_copied(node_view const& n) const { return n.is_splat && !n.is_named && owners_[index_of(n)] == shared; }
  bool has_copy(node_view const& variable) const {
    return variable.input_count > 0 && is_copied(g_.input(variable, 0));
  }

  static bool is_variable(node_view const& n) { return n.op == variable_op::name; }
  static bool is_assignment(node_view const& n) {
    return n.op == assign_op::name || n.op == assign_add_op::name || n.op == assign_sub_op::name;
  }
  // Variables are read through a node of their own, as TensorFlow does.
  Text value_of(node_view const& reader, int i) const {
    node_view const& from = g_.input(reader, i);
    int const output = g_.inputs[reader.first_input + i].output;
    return name_of(from) + (is_variable(from) ? "/read" : output > 0 ? ":" + std::to_string(output) : "");
  }
  // Assignments take the variable itself; what is run for its effect, or before something, comes as `^name`.
  Text reference(node_view const& reader, int i) const {
    node_view const& from = g_.input(reader, i);
    bool const only_order = reader.op == group_op::name || (reader.op == with_dependencies_op::type(0) && i > 0);
    if (only_order || g_.is_operation(from)) return "^" + name_of(from);
    return is_variable(from) && is_assignment(reader) && i == 0 ? name_of(from) : value_of(reader, i);
  }
  void add(node_view const& n) {
    if (!n.optimizer.empty()) return add_step(n);
    if (n.op == initialize_op::name) return add_initializer(n);
    if (is_copied(n) && uses_[index_of(n)] == 0) return;
    message_writer node = begin(name_of(n), n.op);
    if (!is_variable(n)) {
      for (bool control : {false, true})
        for (int i = 0; i < n.input_count; ++i)
          if (Text const from = reference(n, i); (from[0] == '^') == control) node.add(3, from);
    }
    if (!g_.is_operation(n)) {
      bool const is_source = n.input_count == 0 || is_variable(n);
      if (is_source) {
        add_type(node, "dtype", n.type);
      } else {
        add_types(node, n);
      }
      if (is_source && !n.is_splat && n.op != literal_op::name) {
        message_writer value;
        value.add(7, shape_of(n.shape));
        attribute(node, "shape", value);
      }
      add_shapes(node, n);
      if (n.is_splat) add_splat(node, n);
    }
    graph_.add(1, node);
    if (is_variable(n)) add_variable(n);
  }
  void add_variable(node_view const& n) {
    Text const& name = name_of(n);
    if (has_copy(n)) {
      node_view const& value = g_.input(n, 0);
      message_writer copy = begin(name + "/initial_value", value.op);
      add_type(copy, "dtype", value.type);
      add_shapes(copy, value);
      add_splat(copy, value);
      graph_.add(1, copy);
    }
    if (n.input_count > 0) {
      message_writer assign = begin(name + "/Assign", assign_op::name);
      assign.add(3, name);
      assign.add(3, has_copy(n) ? name + "/initial_value" : reference(n, 0));
      add_value(assign, n);
      graph_.add(1, assign);
    }
    message_writer read = begin(name + "/read", "Identity");
    read.add(3, name);
    add_value(read, n);
    graph_.add(1, read);
  }

  // The variables that a node reaches: the floating ones, or, to be initialised, all, those in initial values too.
  vector<int> variables_behind(int node, bool all) const {
    vector<int> found, stack;
    vector<char> seen(g_.nodes.size());
    stack.push_back(node);
    while (!stack.empty()) {
      int const at = stack.back();
      stack.pop_back();
      if (seen[at]) continue;
      seen[at] = 1;
      node_view const& n = g_.nodes[at];
      if (is_variable(n) && (all || is_floating(n.type))) found.push_back(at);
      if (is_variable(n) && !all) continue;
      for (int i = n.input_count - 1; i >= 0; --i) stack.push_back(source(n, i));
    }
    return found;
  }
  void add_initializer(node_view const& n) {
    message_writer node = begin(name_of(n), group_op::name);
    vector<char> seen(g_.nodes.size());
    for (int i = 0; i < n.input_count; ++i) {
      for (int const variable : variables_behind(source(n, i), true)) {
        if (!seen[variable]) node.add(3, "^" + name_of(g_.nodes[variable]) + "/Assign");
        seen[variable] = 1;
      }
    }
    graph_.add(1, node);
  }
  // An optimizer's step: for each variable its gradient, and what changes it, which stands under its name. Inputs: the
  // loss, parameters, then each variable with those that the optimizer keeps beside it, where it keeps any.
  void add_step(node_view const& n) {
    Text const suffix = steps_ > 0 ? "_" + std::to_string(steps_) : "";
    ++steps_;
    vector<int> variables = variables_behind(source(n, 0), false);
    int const kept = n.slots > 0 ? 1 + n.slots : 0, first = n.input_count - kept * variables.size();
    message_writer step = begin(name_of(n), n.op);
    for (int k = 0; k < variables.size(); ++k) {
      if (kept > 0) variables[k] = source(n, first + k * kept);
      node_view const& variable = g_.nodes[variables[k]];
      Text const& name = name_of(variable);
      message_writer gradient = begin("gradients" + suffix + "/" + name, gradients_op::name);
      gradient.add(3, value_of(n, 0));
      gradient.add(3, name + "/read");
      add_value(gradient, variable);
      graph_.add(1, gradient);
      Text const update = name + "/Apply" + Text(n.optimizer) + suffix;
      message_writer apply = begin(update, "Apply" + Text(n.optimizer));
      apply.add(3, name);
      for (int i = 1; i < kept; ++i) apply.add(3, name_of(g_.input(n, first + k * kept + i)));
      for (int i = 1; i < first; ++i) apply.add(3, value_of(n, i));
      apply.add(3, "gradients" + suffix + "/" + name);
      add_value(apply, variable);
      graph_.add(1, apply);
      step.add(3, "^" + update);
    }
    graph_.add(1, step);
  }
};
}  // namespace detail

/// A serialised GraphDef, which TensorBoard and Netron open.
template <class Text = std::string>
Text as_graph_def(graph_view const& g) {
  return detail::graph_def_writer<Text>(g).write();
}

TFX_END
