// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <map>
#include <tfx/tfx.hpp>
#include <vector>

namespace tf = tfx;

namespace {
/// The fields of a serialised message: number and payload (of varints their value as text).
std::vector<std::pair<int, std::string>> fields(std::string const& bytes) {
  std::vector<std::pair<int, std::string>> out;
  std::size_t at = 0;
  auto const varint = [&] {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      auto const byte = static_cast<unsigned char>(bytes.at(at++));
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.size()) {
    std::uint64_t const tag = varint();
    std::string payload;
    if (tag % 8 == 0) {
      payload = std::to_string(static_cast<std::int64_t>(varint()));
    } else {
      std::size_t const size = tag % 8 == 2 ? varint() : tag % 8 == 5 ? 4 : 8;
      payload = bytes.substr(at, size);
      at += size;
    }
    out.emplace_back(static_cast<int>(tag / 8), payload);
  }
  CHECK(at == bytes.size());
  return out;
}

struct graph_node {
  std::string op;
  std::vector<std::string> inputs;
  std::map<std::string, std::string> attributes;
};
std::map<std::string, graph_node> nodes_of(std::string const& graph_def) {
  std::map<std::string, graph_node> out;
  for (auto const& [number, bytes] : fields(graph_def)) {
    if (number != 1) continue;
    graph_node n;
    std::string name;
    for (auto const& [field, payload] : fields(bytes)) {
      if (field == 1) name = payload;
      if (field == 2) n.op = payload;
      if (field == 3) n.inputs.push_back(payload);
      if (field == 5) {
        auto const entry = fields(payload);
        n.attributes[entry.at(0).second] = entry.at(1).second;
      }
    }
    CHECK(out.count(name) == 0);
    out[name] = n;
  }
  return out;
}
using names = std::vector<std::string>;
}  // namespace

TEST_CASE("graph: what some expressions reach, known to the compiler") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<3>));
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"batch">, 3>);
  auto const other = tf::placeholder<"other", float>(tf::shape<>);
  auto const y = tf::reduce_sum(x * w + 2.0f);
  constexpr auto g = tf::Graph(y);
  static_assert(g.contains(w) && g.contains(x) && g.contains(y) && !g.contains(other));
  static_assert(g.contains("w") && g.contains("Sum") && !g.contains("other"));
  static_assert(g.variables().size() == 1 && g.placeholders().size() == 1 && g.operations().size() == 7);
  static_assert(g.variables()[0].shape == tf::dims{1, {3}} && g.placeholders()[0].type == tf::dtype::float32);
  static_assert(tf::Graph(y, other).placeholders().size() == 2);
}

TEST_CASE("graph: names are TensorFlow's, and unique whatever their capitals") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const first = tf::add<"add">(x, 1.0f);
  auto const y = ((first + 2.0f) + 3.0f) * tf::add<"Add_2">(x, 4.0f);
  names found;
  for (auto const& n : tf::Graph(y).operations())
    if (n.op == "Add") found.emplace_back(n.name);
  CHECK(found == names{"add", "Add_1", "Add_3", "Add_2"});
}

TEST_CASE("graph: text and Graphviz name every node, with symbolic extents") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"batch">, 3>);
  auto const y = tf::reduce_mean<"loss">(tf::square(x));
  CHECK(tf::Graph(y).to_string() ==
        "x = Placeholder() float [batch,3]\n"
        "Square = Square(x) float [batch,3]\n"
        "loss = Mean(Square) float []\n");
  std::string const dot = tf::Graph(y).to_dot();
  CHECK(dot.rfind("digraph", 0) == 0);
  CHECK(dot.find("\"x\" -> \"Square\"") != std::string::npos);
}

TEST_CASE("graph: a GraphDef has TensorFlow's nodes, inputs and attributes") {
  auto const w = tf::variable<"w">(tf::ones(tf::shape<2, 3>));
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"batch">, 2>);
  auto const y = tf::matmul<"y">(x, w);
  auto const update = tf::group<"update">(w.assign_add(1.0f));
  auto const nodes = nodes_of(tf::Graph(y, update, tf::global_variables_initializer(y)).as_graph_def());
  CHECK(nodes.at("x").op == "Placeholder");
  CHECK(nodes.at("w").op == "VariableV2");
  CHECK(nodes.at("w").inputs.empty());
  CHECK(nodes.at("w/Assign").inputs == names{"w", "w/initial_value"});
  CHECK(nodes.at("w/read").inputs == names{"w"});
  CHECK(nodes.at("y").inputs == names{"x", "w/read"});
  CHECK(nodes.at("w/Update/AssignAdd").inputs.at(0) == "w");
  CHECK(nodes.at("update").inputs == names{"^w/Update/AssignAdd"});
  CHECK(nodes.at("Initialize").op == "NoOp");
  CHECK(nodes.at("Initialize").inputs == names{"^w/Assign"});
  // dtype float; shape [-1 "batch", 2]; one number for all elements
  CHECK(fields(nodes.at("x").attributes.at("dtype")).at(0) == std::pair<int, std::string>{6, "1"});
  auto const shape = fields(fields(nodes.at("x").attributes.at("shape")).at(0).second);
  CHECK(fields(shape.at(0).second) == std::vector<std::pair<int, std::string>>{{1, "-1"}, {2, "batch"}});
  CHECK(fields(shape.at(1).second) == std::vector<std::pair<int, std::string>>{{1, "2"}});
  auto const tensor = fields(fields(nodes.at("w/initial_value").attributes.at("value")).at(0).second);
  CHECK(tensor.back() == std::pair<int, std::string>{5, std::string("\0\0\x80\x3f", 4)});
}

TEST_CASE("graph: types are TensorFlow's, also where one op stands for several of its") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 3, 3>);
  auto const bits = tf::placeholder<"bits", bool>(tf::shape<>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<3>));
  auto const same = tf::identity<"same">(x);
  auto const late = tf::with_dependencies<"late">(w.assign_add(1.0f), tf::identity(w));
  auto const train = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::reduce_sum(w));
  auto const bytes = tf::Graph(same, late, train, tf::matmul(x, x), tf::logical_xor(bits, bits), tf::cast<int>(x),
                               tf::equal(x, x), tf::argmax(x), tf::zeros<std::string>(tf::shape<2>))
                         .as_graph_def();
  auto const nodes = nodes_of(bytes);
  auto const type = [&](char const* node, char const* key) {
    return fields(nodes.at(node).attributes.at(key)).at(0).second;
  };
  CHECK(nodes.at("same").op == "Identity");
  CHECK(nodes.at("same").inputs == names{"x"});
  CHECK(nodes.at("late").op == "Identity");
  CHECK(nodes.at("late").inputs == names{"Identity", "^w/Update/AssignAdd"});
  CHECK(nodes.at("Identity").inputs == names{"w/read"});
  CHECK(nodes.at("GradientDescent").op == "NoOp");
  CHECK(nodes.at("GradientDescent").inputs == names{"^w/ApplyGradientDescent"});
  auto const& update = nodes.at("w/ApplyGradientDescent").inputs;
  REQUIRE(update.size() == 3);
  CHECK((update[0] == "w" && nodes.at(update[1]).op == "Const" && update[2] == "gradients/w"));
  CHECK(nodes.at("gradients/w").inputs == names{"Sum", "w/read"});
  CHECK(nodes.at("MatMul").op == "BatchMatMul");
  CHECK(nodes.at("LogicalXor").op == "NotEqual");
  CHECK((type("Cast", "SrcT") == "1" && type("Cast", "DstT") == "3"));
  CHECK((type("Equal", "T") == "1" && type("ArgMax", "T") == "1" && type("ArgMax", "output_type") == "9"));
}

namespace {
/// Every input is a node of the graph, and what is read as a tensor tells its shape.
void check_whole(std::map<std::string, graph_node> const& nodes) {
  for (auto const& entry : nodes) {
    for (std::string const& input : entry.second.inputs) {
      bool const is_control = input[0] == '^';
      std::string const from = input.substr(is_control, input.find(':') - is_control);
      INFO(entry.first, " reads ", from);
      REQUIRE(nodes.count(from) == 1);
      if (!is_control) CHECK(nodes.at(from).attributes.count("_output_shapes") == 1);
    }
  }
}
}  // namespace
TEST_CASE("graph: what belongs to a variable stands under its name") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"batch">, 3>);
  auto const w = tf::variable<"layer/w">(tf::zeros(tf::shape<3>));
  auto const b = tf::variable<"layer/b">(tf::zeros(tf::shape<3>));
  auto const v = tf::variable<"v">(0.5f * tf::random_normal(tf::shape<3>, tf::seed(1)));
  auto const half = tf::constant<"half">(0.5f);
  auto const u = tf::variable<"u">(half);
  auto const loss = tf::reduce_sum<"loss">(tf::square(x * w + b) * v * u);
  auto const train = tf::train::MomentumOptimizer(0.1f, 0.9f).minimize(loss);
  auto const again = tf::train::GradientDescentOptimizer(0.1f).minimize<"again">(loss);
  auto const nodes =
      nodes_of(tf::Graph(train, again, tf::global_variables_initializer(train), std::get<1>(tf::nn::top_k(x, tf::k<2>)))
                   .as_graph_def());
  check_whole(nodes);
  CHECK(nodes.at("layer/w/Assign").inputs == names{"layer/w", "layer/w/initial_value"});
  CHECK(nodes.at("layer/b/Assign").inputs == names{"layer/b", "layer/b/initial_value"});
  CHECK(nodes.at("layer/b/Momentum/Assign").inputs == names{"layer/b/Momentum", "layer/b/Momentum/initial_value"});
  CHECK(nodes.at("v/initial_value").op == "Mul");
  CHECK(nodes.at("v/Initializer/RandomStandardNormal").op == "RandomStandardNormal");
  CHECK(nodes.at("u/Assign").inputs == names{"u", "half"});
  auto const adam = nodes_of(
      tf::Graph(tf::train::AdamOptimizer().minimize(loss, tf::global_step = tf::train::get_or_create_global_step()))
          .as_graph_def());
  check_whole(adam);
  CHECK(adam.at("global_step/Update/AssignAdd").inputs.at(0) == "global_step");
  CHECK(adam.at("beta1_power/Update/Assign").inputs.at(0) == "beta1_power");
  CHECK(adam.count("layer/w/Adam_1/initial_value") == 1);
  CHECK(adam.count("AssignAdd") + adam.count("Assign") == 0);
  CHECK(nodes.at("gradients/layer/w").inputs == names{"loss", "layer/w/read"});
  CHECK(nodes.at("layer/w/ApplyMomentum").op == "ApplyMomentum");
  auto const& update = nodes.at("layer/w/ApplyMomentum").inputs;
  REQUIRE(update.size() == 5);
  CHECK((update[0] == "layer/w" && update[1] == "layer/w/Momentum" && update[4] == "gradients/layer/w"));
  CHECK(nodes.at("layer/w/ApplyGradientDescent_1").inputs.back() == "gradients_1/layer/w");
  CHECK(nodes.at("again").inputs.size() == 4);
  auto const& made = nodes.at("Initialize").inputs;
  CHECK(made.size() == 8);
  CHECK(std::count(made.begin(), made.end(), "^layer/w/Momentum/Assign") == 1);
  auto const shape =
      fields(fields(fields(nodes.at("gradients/layer/w").attributes.at("_output_shapes")).at(0).second).at(0).second);
  CHECK(fields(shape.at(0).second) == std::vector<std::pair<int, std::string>>{{1, "3"}});
}

TEST_CASE("graph: names that TensorFlow refuses are refused") {
  static_assert(tf::is_node_name("") && tf::is_node_name("a/b_c-d.e") && tf::is_node_name(".0") &&
                tf::is_node_name("A/"));
  static_assert(!tf::is_node_name("my var") && !tf::is_node_name("_x") && !tf::is_node_name("/x") &&
                !tf::is_node_name("x:0") && !tf::is_node_name("é") && !tf::is_node_name("a\"b"));
}

TEST_CASE("graph: Graphviz reads quotes, backslashes and line ends as they are") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"a\"b\\c\nd">>);
  CHECK(tf::Graph(x).to_dot().find("[label=\"x\\nPlaceholder\\nfloat [a\\\"b\\\\c\\nd]\"];\n") != std::string::npos);
}

TEST_CASE("plan: bytes and operations are known before anything runs") {
  constexpr auto batch = tf::dim<"batch">;
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 20>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<20, 10>));
  auto const b = tf::variable<"b">(tf::zeros(tf::shape<10>));
  auto const loss = tf::reduce_sum(tf::square(tf::matmul(x, w) + b));
  auto const dw = std::get<0>(tf::gradients(loss, w));
  constexpr auto forward = tf::plan(loss);
  static_assert(forward.variable_bytes() == 210 * sizeof(float));
  static_assert(forward.gradient_bytes() == 0);
  static_assert(forward.arena_bytes(batch = 1000) >= 1000 * 10 * sizeof(float));
  static_assert(forward.arena_bytes(batch = 10) < 2000 * sizeof(float));
  static_assert(forward.flops(batch = 8) >= 2 * 8 * 20 * 10 && forward.flops(batch = 8) < 2 * 8 * 20 * 10 + 8 * 50);
  static_assert(tf::plan(dw).gradient_bytes() == 200 * sizeof(float));
  static_assert(tf::plan(loss, dw).flops(batch = 8) > 2 * forward.flops(batch = 8) - 500);
  auto const train = tf::train::GradientDescentOptimizer(0.1f).minimize(loss);
  static_assert(tf::plan(train).gradient_bytes() == 210 * sizeof(float));
  CHECK_THROWS_AS((void)forward.arena_bytes(), tf::errors::InvalidArgumentError);
}
