// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/inspect/describe.hpp>
#include <tfx/inspect/protobuf.hpp>

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
/// Writes a NodeDef and its attributes.
class graph_def_node {
 protected:
  graph_view const& g_;

  explicit graph_def_node(graph_view const& g) : g_(g) {}

  message_writer shape_of(dims const& shape) const {
    message_writer out;
    if (!shape.is_known()) out.add_number(3, 1);
    for (int i = 0; i < shape.rank; ++i) {
      message_writer dim;
      dim.add_number(1, shape[i] < 0 ? -1 : shape[i]);
      if (std::string_view const name = g_.symbol(shape[i]); !name.empty()) dim.add(2, name);
      out.add(2, dim);
    }
    return out;
  }
  static void attribute(message_writer& node, std::string_view key, message_writer const& value) {
    message_writer entry;
    entry.add(1, key);
    entry.add(2, value);
    node.add(5, entry);
  }
  void add_type(message_writer& node, std::string_view key, dtype type) const {
    message_writer value;
    value.add_number(6, static_cast<i64>(type));
    attribute(node, key, value);
  }
  // T is the dtype that an op computes in; some tell that of their result too.
  void add_types(message_writer& node, node_view const& n) const {
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
    } else if (n.op == "QuantizeV2") {
      add_type(node, "T", g_.output(n, 0).type);
    } else if (n.op == "QuantizedMatMul") {
      add_type(node, "T1", from);
      add_type(node, "T2", g_.output(g_.input(n, 1), g_.inputs[n.first_input + 1].output).type);
      add_type(node, "Toutput", g_.output(n, 0).type);
    } else {
      // Comparisons and tests give bool for inputs of any dtype; the condition of a Select is no such input.
      // A summary is text, and that of its input; so is what dequantizes.
      bool const of_input = n.has_outputs || is_quantized(from) || (n.type == dtype::boolean && from != dtype::none) ||
                            (n.type == dtype::string && is_number(from));
      add_type(node, "T", of_input ? from : n.type);
    }
  }
  void add_value(message_writer& node, node_view const& n) const {
    add_type(node, "T", n.type);
    add_shapes(node, n);
  }
  void add_shapes(message_writer& node, node_view const& n) const {
    message_writer list, value;
    for (int k = 0; k < g_.output_count(n); ++k) list.add(7, shape_of(g_.output(n, k).shape));
    value.add(1, list);
    attribute(node, "_output_shapes", value);
  }
  // One number stands for all of them.
  void add_splat(message_writer& node, node_view const& n) const {
    message_writer tensor, value;
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
  message_writer begin(std::string_view name, std::string_view op) const {
    message_writer node;
    node.add(1, name);
    node.add(2, op);
    return node;
  }
};
}  // namespace detail

TFX_END
