// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <complex>
#include <support/op_test.hpp>

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;

/// What f writes on stderr.
template <class F>
std::string printed(F&& f) {
  std::FILE* const file = std::tmpfile();
  int const before = dup(2);
  dup2(fileno(file), 2);
  f();
  dup2(before, 2);
  close(before);
  std::string text(static_cast<std::size_t>(std::ftell(file)), ' ');
  std::fseek(file, 0, SEEK_END);
  text.resize(static_cast<std::size_t>(std::ftell(file)));
  std::rewind(file);
  std::size_t const read = std::fread(text.data(), 1, text.size(), file);
  text.resize(read);
  std::fclose(file);
  return text;
}
}  // namespace

TEST_CASE("Print: x itself, and what stands on stderr") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  auto const m = tf::placeholder<"m", double>(tf::shape<n, 2>);
  auto const p = tf::Print(x, x, tf::reduce_sum(x), tf::message<"x, sum: ">);
  tf::Session sess;
  CHECK(printed([&] { CHECK(same(sess.run(p * 2.0f, x = {0.5, 1, 2, 0.1}), {1, 2, 4, 0.2})); }) ==
        "x, sum: [0.5 1 2...][3.6]\n");
  CHECK(printed([&] { sess.run(p, x = std::vector<float>{}); }) == "x, sum: [][0]\n");
  CHECK(printed([&] { sess.run(tf::Print(x, m), x = {1}, m = {{1, 2}, {3, 4}}); }) == "[[1 2][3...]...]\n");
  CHECK(printed([&] { sess.run(tf::Print(x, m, tf::summarize<-1>), x = {1}, m = {{1, 2}, {-0.0, 1e100}}); }) ==
        "[[1 2][-0 1e+100]]\n");
  CHECK(printed([&] { sess.run(tf::Print(x, "sum", tf::reduce_sum(x), tf::summarize<0>), x = {1, 2}); }) ==
        "[...][...]\n");
  CHECK(printed([&] { sess.run(tf::Print(x), x = {1}); }) == "\n");
  auto const names = tf::placeholder<"names", std::string>(tf::shape<2>);
  CHECK(printed([&] {
          auto const got = sess.run(tf::Print(names, names), names = {"a", "tab\t\"\x01"});
          CHECK(got(1) == "tab\t\"\x01");
        }) == "[a tab\\t\\\"\\001]\n");
}

TEST_CASE("print: texts and tensors of every dtype, axes in brackets, both ends") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
  auto const m = tf::placeholder<"m", int>(tf::shape<n, n>);
  tf::Session sess;
  CHECK(printed([&] { sess.run(tf::print("x:", x, "and", tf::size(x)), x = {1, 2.5}); }) == "x: [1 2.5] and 2\n");
  CHECK(printed([&] { sess.run(tf::print(x), x = {0, 1, 2, 3, 4, 5, 6, 7}); }) == "[0 1 2 ... 5 6 7]\n");
  CHECK(printed([&] { sess.run(tf::print(x), x = {0, 1, 2, 3, 4, 5}); }) == "[0 1 2 3 4 5]\n");
  CHECK(printed([&] { sess.run(tf::print(x, tf::summarize<1>), x = {0, 1, 2, 3}); }) == "[0 ... 3]\n");
  CHECK(printed([&] { sess.run(tf::print(x, tf::summarize<-1>), x = {0, 1, 2, 3, 4, 5, 6, 7}); }) ==
        "[0 1 2 3 4 5 6 7]\n");
  CHECK(printed([&] { sess.run(tf::print(x), x = std::vector<float>{}); }) == "[]\n");
  CHECK(printed([&] { sess.run(tf::print(tf::message<"m">, m), m = {{1, 2}, {3, -4}}); }) == "m [[1 2]\n [3 -4]]\n");
  auto const cube = tf::reshape(tf::range<8>(), tf::shape<2, 2, 2>);
  CHECK(printed([&] { sess.run(tf::print(cube)); }) == "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]\n");
  CHECK(printed([&] { sess.run(tf::print(x, tf::summarize<1>), x = std::vector<float>(3, 1e-8f)); }) ==
        "[1e-08 ... 1e-08]\n");
  auto const float_max = std::numeric_limits<float>::max();
  CHECK(printed([&] { sess.run(tf::print(x), x = {float_max, float(infinity), -float(not_a_number), 16777216}); }) ==
        "[3.4028235e+38 inf nan 16777216]\n");
  auto const text = tf::placeholder<"text", std::string>(tf::shape<>);
  CHECK(printed([&] { sess.run(tf::print(text), text = "as it\nis"); }) == "as it\nis\n");
  CHECK(printed([&] { sess.run(tf::print(text, text), text = "a\"b"); }) == "\"a\\\"b\" \"a\\\"b\"\n");
  std::string const value = "a string";
  CHECK(printed([&] { sess.run(tf::print(value, "and another")); }) == "a string and another\n");
  auto const small = tf::placeholder<"small", std::int8_t>(tf::shape<1>);
  auto const large = tf::placeholder<"large", std::uint64_t>(tf::shape<1>);
  auto const flag = tf::placeholder<"flag", bool>(tf::shape<2>);
  auto const z = tf::placeholder<"z", std::complex<float>>(tf::shape<>);
  auto const all = tf::print(small, large, flag, z, tf::cast<std::int16_t>(small), tf::cast<std::uint8_t>(flag),
                             tf::cast<tf::i64>(small), tf::cast<double>(small));
  CHECK(printed([&] {
          sess.run(all, small = {-128}, large = {~std::uint64_t{0}}, flag = {true, false},
                   z = std::complex<float>(0.5, -1));
        }) == "[-128] [18446744073709551615] [1 0] (0.5,-1) [-128] [1 0] [-128] [-128]\n");
}

TEST_CASE("prints: in order, not merged, once in a run, dropped where nothing depends on them") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const first = tf::print("first", x);
  auto const second = tf::print("second", x);
  auto const y = tf::with_dependencies(first, second, x + 1.0f);
  auto const z = tf::with_dependencies(second, first, x - 1.0f);
  tf::Session sess;
  auto const run = [&](auto const& what) { return printed([&] { sess.run(what, x = {1}); }); };
  CHECK(run(y) == "first [1]\nsecond [1]\n");
  CHECK(run(z) == "second [1]\nfirst [1]\n");
  CHECK(run(tf::fetch(y, z, y)) == "first [1]\nsecond [1]\n");
  CHECK(run(x + 1.0f) == "");
  auto const again = tf::with_dependencies(tf::print("x", x), tf::print("x", x), tf::print("x", x), x);
  CHECK(run(again) == "x [1]\nx [1]\nx [1]\n");
  auto const a = tf::Print(x, x, tf::message<"p">);
  auto const b = tf::Print(x, x, tf::message<"p">);
  CHECK(run(a + b) == "p[1]\np[1]\n");
  CHECK(run(a + a) == "p[1]\n");
  CHECK(run(tf::fetch(a, a)) == "p[1]\n");
  // What is printed before is printed before, whatever loops the rest is computed in.
  auto const root = tf::cumsum(x);
  auto const d = root + 1.0f;
  CHECK(run(tf::with_dependencies(tf::print("d", d), tf::Print(root, root, tf::message<"root">) * d)) ==
        "d [2]\nroot[1]\n");
  CHECK(run(tf::with_dependencies(tf::Print(root, root, tf::message<"root">), tf::print("d", d), d)) ==
        "root[1]\nd [2]\n");
  // Checks and prints are in one order.
  auto const checked = tf::with_dependencies(tf::print("before"), tf::assert_negative(x), tf::print("after"), x);
  CHECK(printed([&] { CHECK(refusal([&] { sess.run(checked, x = {1}); }) != ""); }) == "before\n");
  CHECK(printed([&] { sess.run(checked, x = {-1}); }) == "before\nafter\n");
  auto const i = tf::placeholder<"i", int>(tf::shape<n>);
  auto const quotient = tf::with_dependencies(tf::print("i", i), tf::floordiv(i + 1, i) + i);
  CHECK(printed([&] { CHECK(refusal([&] { sess.run(quotient, i = {0}); }) != ""); }) == "i [0]\n");
}

TEST_CASE("prints: of variables before and after they are assigned") {
  auto const v = tf::variable<"v">({1.0f, 2.0f});
  auto const add = tf::assign_add(v, tf::ones_like(v));
  auto const after = tf::with_dependencies(add, tf::print("after", v));
  auto const before = tf::print("before", v);
  tf::Session sess;
  sess.run(v.initializer());
  CHECK(printed([&] { sess.run(tf::fetch(after, before)); }) == "after [2 3]\nbefore [1 2]\n");
  CHECK(printed([&] { sess.run(tf::fetch(before, after)); }) == "before [2 3]\nafter [3 4]\n");
  CHECK(same(sess.run(v), {3, 4}));
  auto const both =
      tf::with_dependencies(before, tf::assign(v, v * 2.0f), tf::with_dependencies(tf::print("then", v), v));
  CHECK(printed([&] { CHECK(same(sess.run(both), {6, 8})); }) == "before [3 4]\nthen [6 8]\n");
}

TEST_CASE("Print: derivatives come through, and print") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n>);
  auto const y = tf::square(tf::Print(x, x, tf::message<"x">)) * 2.0;
  auto const [slope] = tf::gradients(y, x);
  auto const [curve] = tf::gradients(slope, x);
  tf::Session sess;
  CHECK(printed([&] { CHECK(same(sess.run(slope, x = {1, 2}), {4, 8})); }) == "x[1 2]\n");
  CHECK(printed([&] { CHECK(same(sess.run(curve, x = {1, 2}), {4, 4})); }) == "x[1 2]\n");
  CHECK(printed([&] { CHECK(same(sess.run(tf::jvp(y, x, x), x = {1, 2}), {4, 16})); }) == "x[1 2]\n");
  auto const loss = tf::with_dependencies(tf::print("loss"), tf::reduce_sum(y));
  CHECK(printed([&] { sess.run(std::get<0>(tf::gradients(loss, x)), x = {1}); }).find("loss\n") != std::string::npos);
}

TEST_CASE("Print: in the first runs of each session") {
  auto const x = tf::placeholder<"x", int>(tf::shape<>);
  auto const p = tf::Print(x, x, tf::message<"x">, tf::first_n<2>);
  auto const q = tf::Print(x, x, tf::message<"x">, tf::first_n<1>);
  tf::Session sess, other;
  auto const run = [&](tf::Session& s, auto const& what, int value) {
    return printed([&] { CHECK(s.run(what, x = value) == value); });
  };
  CHECK(run(sess, p, 1) == "x[1]\n");
  CHECK(run(sess, q, 5) == "x[5]\n");
  CHECK(run(sess, p, 2) == "x[2]\n");
  CHECK(run(sess, p, 3) == "");
  CHECK(run(sess, q, 6) == "");
  CHECK(run(other, p, 4) == "x[4]\n");
}

TEST_CASE("prints: in functions over handles; names tell calls of a helper apart") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const f = tf::build([](auto v) {
    for (int i = 0; i < 2; ++i) v = tf::with_dependencies(tf::print("v", v, tf::summarize<1>), v * 2.0f);
    return tf::Print(v, v, "end", tf::message<"f: ">);
  });
  tf::Session sess;
  CHECK(printed([&] { CHECK(same(sess.run(f(x), x = {1, 2}), {4, 8})); }) == "v [1 2]\nv [2 4]\nf: [4 8][end]\n");
  auto const helper = [](auto name_a, auto name_b) {
    return tf::with_dependencies(name_a, name_b, tf::constant<"c">(1.0f));
  };
  CHECK(printed([&] { sess.run(helper(tf::print<"a">("named"), tf::print<"b">("named"))); }) == "named\nnamed\n");
  // One call, however often it is mentioned, and wherever: once.
  auto const say = tf::print("once", x);
  auto const twice = tf::with_dependencies(say, tf::with_dependencies(say, x) + tf::with_dependencies(say, x * 2.0f));
  CHECK(printed([&] { sess.run(twice, x = {1, 2}); }) == "once [1 2]\n");
  auto const i = tf::placeholder<"i", int>(tf::shape<>);
  auto const half = tf::Print(i, tf::floordiv(i, 2), "half");
  auto const mixed = tf::with_dependencies(say, half) + tf::with_dependencies(half, half);
  CHECK(printed([&] { CHECK(sess.run(mixed, x = {1, 2}, i = 6) == 12); }) == "once [1 2]\n[3][half]\n");
}
