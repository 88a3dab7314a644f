// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/describe.hpp>
#include <tfx/graph/leaves.hpp>
#include <tfx/graph/protobuf.hpp>

TFX_BEGIN

/// A graph's nodes as the writers below see them.
struct graph_view {
  node_list nodes;
  source_view const* inputs;
  output_view const* outputs;
  char const* text;
  detail::describer::symbol_text const* symbols;
  int symbol_count;

  node_view const& input(node_view const& n, int i) const { return nodes[inputs[n.first_input + i].node]; }
  /// The tensors that a node gives: none of an operation.
  int output_count(node_view const& n) const { return n.has_outputs ? n.output_count : n.type != dtype::none ? 1 : 0; }
  output_view output(node_view const& n, int k) const {
    return n.has_outputs ? outputs[n.first_output + k] : output_view{n.type, n.shape};
  }
  bool is_operation(node_view const& n) const { return n.type == dtype::none && !n.has_outputs; }
  /// Input i as TensorFlow spells it: `name`, or `name:1` for the second output.
  std::string tensor_name(node_view const& n, int i) const {
    int const output = inputs[n.first_input + i].output;
    std::string const name(input(n, i).name);
    return output > 0 ? name + ":" + std::to_string(output) : name;
  }
  std::string_view symbol(i64 extent) const {
    for (int i = 0; i < symbol_count; ++i)
      if (symbols[i].extent == extent) return {text + symbols[i].at, static_cast<std::size_t>(symbols[i].size)};
    return {};
  }
};

namespace detail {
class graph_def_writer {
 public:
  explicit graph_def_writer(graph_view const& g) : g_(g) {}

  std::string write() {
    for (node_view const& n : g_.nodes) add(n);
    message versions;
    versions.add_number(1, 27);  // the producer: TensorFlow 1.12
    graph_.add(4, versions);
    return graph_.bytes();
  }

 private:
  graph_view const& g_;
  message graph_;

  static bool is_variable(node_view const& n) { return n.op == variable_op::name; }
  static bool is_assignment(node_view const& n) {
    return n.op == assign_op::name || n.op == assign_add_op::name || n.op == assign_sub_op::name;
  }
  // Variables are read through a node of their own, as TensorFlow does; assignments take the variable itself.
  std::string reference(node_view const& reader, int i) const {
    node_view const& from = g_.input(reader, i);
    if (reader.op == initialize_op::name) return "^" + std::string(from.name) + (is_variable(from) ? "/Assign" : "");
    bool const only_order = reader.op == group_op::name || (reader.op == with_dependencies_op::type(0) && i > 0);
    if (only_order || g_.is_operation(from)) return "^" + std::string(from.name);
    return g_.tensor_name(reader, i) + (is_variable(from) && !(is_assignment(reader) && i == 0) ? "/read" : "");
  }
  message shape_of(dims const& shape) const {
    message out;
    if (!shape.is_known()) out.add_number(3, 1);
    for (int i = 0; i < shape.rank; ++i) {
      message dim;
      dim.add_number(1, shape[i] < 0 ? -1 : shape[i]);
      if (std::string_view const name = g_.symbol(shape[i]); !name.empty()) dim.add(2, name);
      out.add(2, dim);
    }
    return out;
  }
  static void attribute(message& node, std::string_view key, message const& value) {
    message entry;
    entry.add(1, key);
    entry.add(2, value);
    node.add(5, entry);
  }
  void add_type(message& node, std::string_view key, dtype type) const {
    message value;
    value.add_number(6, static_cast<i64>(type));
    attribute(node, key, value);
  }
  // T is the dtype that an op computes in; some tell that of their result too.
  void add_types(message& node, node_view const& n) const {
    dtype const from = g_.output(g_.input(n, 0), g_.inputs[n.first_input].output).type;
    if (n.op == "Cast") {
      add_type(node, "SrcT", from);
      add_type(node, "DstT", n.type);
    } else if (n.op == "OneHot") {
      add_type(node, "TI", from);
      add_type(node, "T", n.type);
    } else if (n.op == "ArgMax" || n.op == "ArgMin") {
      add_type(node, "T", from);
      add_type(node, "output_type", n.type);
    } else {
      // Comparisons and tests give bool for inputs of any dtype; the condition of a Select is no such input.
      add_type(node, "T", n.has_outputs || (n.type == dtype::boolean && from != dtype::none) ? from : n.type);
    }
  }
  void add_shapes(message& node, node_view const& n) const {
    message list, value;
    for (int k = 0; k < g_.output_count(n); ++k) list.add(7, shape_of(g_.output(n, k).shape));
    value.add(1, list);
    attribute(node, "_output_shapes", value);
  }
  // One number stands for all of them.
  void add_splat(message& node, node_view const& n) const {
    message tensor, value;
    tensor.add_number(1, static_cast<i64>(n.type));
    tensor.add(2, shape_of(n.shape));
    switch (n.type) {
      case dtype::float32:
        tensor.add_float(5, from_splat_bits<float>(n.bits));
        break;
      case dtype::float64:
        tensor.add_double(6, from_splat_bits<double>(n.bits));
        break;
      case dtype::complex64:  // its two parts
        tensor.add_float(9, from_splat_bits<float>(n.bits));
        tensor.add_float(9, 0.0f);
        break;
      case dtype::complex128:
        tensor.add_double(12, from_splat_bits<double>(n.bits));
        tensor.add_double(12, 0.0);
        break;
      case dtype::string:
        tensor.add(8, std::string_view());
        break;
      case dtype::int64:
        tensor.add_number(10, n.bits);
        break;
      case dtype::boolean:
        tensor.add_number(11, n.bits);
        break;
      case dtype::uint32:
        tensor.add_number(16, n.bits);
        break;
      case dtype::uint64:
        tensor.add_number(17, n.bits);
        break;
      default:
        tensor.add_number(7, n.bits);
    }
    value.add(8, tensor);
    attribute(node, "value", value);
  }
  message begin(std::string_view name, std::string_view op) const {
    message node;
    node.add(1, name);
    node.add(2, op);
    return node;
  }

  void add(node_view const& n) {
    message node = begin(n.name, n.op == initialize_op::name ? group_op::name : n.op);
    if (!is_variable(n)) {
      for (bool control : {false, true})
        for (int i = 0; i < n.input_count; ++i)
          if (std::string const from = reference(n, i); (from[0] == '^') == control) node.add(3, from);
    }
    if (!g_.is_operation(n)) {
      bool const is_source = n.input_count == 0 || is_variable(n);
      if (is_source) {
        add_type(node, "dtype", n.type);
      } else {
        add_types(node, n);
      }
      if (is_source && !n.is_splat && n.op != literal_op::name) {
        message value;
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
    std::string const name(n.name);
    if (n.input_count > 0) {
      message assign = begin(name + "/Assign", assign_op::name);
      assign.add(3, name);
      assign.add(3, reference(n, 0));
      add_type(assign, "T", n.type);
      add_shapes(assign, n);
      graph_.add(1, assign);
    }
    message read = begin(name + "/read", "Identity");
    read.add(3, name);
    add_type(read, "T", n.type);
    add_shapes(read, n);
    graph_.add(1, read);
  }
};
}  // namespace detail

/// A serialised GraphDef, which TensorBoard and Netron open.
inline std::string as_graph_def(graph_view const& g) { return detail::graph_def_writer(g).write(); }

TFX_END
