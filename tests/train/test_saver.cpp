// SPDX-License-Identifier: Apache-2.0
#include <complex>
#include <cstdint>
#include <fstream>
#include <io/folder.hpp>
#include <support/op_test.hpp>
#include <tfx/train/saver.hpp>

namespace tf = tfx;
namespace errors = tfx::errors;
using io_test::folder;
using io_test::message;
using op_test::counted;
using op_test::same;
using tf::train::Saver;

namespace {
void change_byte(std::string const& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  char const was = static_cast<char>(file.get());
  file.seekp(at);
  file.put(static_cast<char>(was ^ 0x20));
}
using paths = std::vector<std::string>;

auto const w = tf::variable<"weights">(tf::constant<float>({{1, 2, 3}}));
auto const n = tf::variable<"more/n">(tf::constant<double>({4, 5}));
auto const both = tf::fetch(w, n);
auto const initialize = tf::global_variables_initializer(w, n);
auto const add = w.assign_add(tf::constant<float>({{10, 10, 10}}));

/// What a session has of the two.
bool holds(tf::Session& sess, std::vector<double> const& weights, std::vector<double> const& more) {
  auto const [a, b] = sess.run(both);
  return same(a, weights) && same(b, more);
}
}  // namespace

TEST_CASE("saver: what is saved is restored, in every format, in place of initialisers") {
  folder const dir;
  Saver saver(w, n);
  tf::Session sess;
  sess.run(initialize);
  sess.run(add);
  for (char const* const name : {"m", "m.npz", "m.safetensors"}) {
    std::string const path = dir / name;
    CHECK(saver.save(sess, path) == path);
    CHECK(tf::train::latest_checkpoint(dir.path.string()) == path);
    tf::Session other;
    saver.restore(other, path);
    CHECK(holds(other, {11, 12, 13}, {4, 5}));
    // Over values that are there, which a prepared call knows.
    auto const step = other.make_callable(add);
    CHECK(same(step(), {21, 22, 23}));
    saver.restore(other, path);
    CHECK(same(step(), {21, 22, 23}));
    CHECK(saver.save(other, path) == path);
    saver.restore(sess, path);
    CHECK(holds(sess, {21, 22, 23}, {4, 5}));
    sess.run(initialize);
    sess.run(add);
  }
  // Part of a file, or of what the variables are.
  Saver part(n);
  tf::Session other;
  part.restore(other, dir / "m");
  CHECK(same(other.run(n), {4, 5}));
  CHECK_THROWS_AS(other.run(w), errors::FailedPreconditionError);
  CHECK(same(tf::train::load_variable<float, 2>(dir / "m", "weights"), {21, 22, 23}));
  auto const listed = tf::train::list_variables(dir / "m");
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].name == "more/n");
  CHECK(listed[0].type == tf::dtype::float64);
  CHECK(listed[1].shape == tf::dims{2, {1, 3}});
  CHECK_THROWS_AS((tf::train::load_variable<float, 1>(dir / "m", "weights")), errors::InvalidArgumentError);
  CHECK_THROWS_AS((tf::train::load_variable<double, 2>(dir / "m", "weights")), errors::InvalidArgumentError);
  CHECK_THROWS_AS((tf::train::load_variable<float, 2>(dir / "m", "absent")), errors::NotFoundError);
}
TEST_CASE("saver: names of the file's own, as another program has them") {
  folder const dir;
  tf::Session sess;
  sess.run(initialize);
  Saver renamed({{"old/w", w}, {"n", n}});
  renamed.save(sess, dir / "m");
  CHECK(tf::train::list_variables(dir / "m")[1].name == "old/w");
  sess.run(add);
  Saver({{"old/w", w}}).restore(sess, dir / "m");
  CHECK(holds(sess, {1, 2, 3}, {4, 5}));
  CHECK(message<errors::NotFoundError>([&] { Saver(w).restore(sess, dir / "m"); }) ==
        "Key weights not found in checkpoint " + (dir / "m"));
  CHECK(message<errors::InvalidArgumentError>([&] { Saver twice({{"a", w}, {"a", n}}); }) ==
        "At least two variables have the same name: a");
  // A path that ends in no name of a file would make a hidden one.
  for (std::string const& path : {std::string(), dir / "", dir / ".npz"}) {
    std::string const why = "Can't save to '" + path + "': a path ends in the name of a file.";
    CHECK(message<errors::InvalidArgumentError>([&] { Saver(w).save(sess, path); }) == why);
    CHECK(message<errors::InvalidArgumentError>([&] { Saver(w).save(sess, path, 5); }) == why);
  }
  // TensorFlow's own file.
  auto const a = tf::variable<"a">(tf::zeros(tf::shape<>));
  auto const b = tf::variable<"b">(tf::zeros(tf::shape<>));
  auto const tests = std::filesystem::path(__FILE__).parent_path().parent_path();
  tf::Session half_plus_two;
  Saver(a, b).restore(half_plus_two, (tests / "io" / "tf_files" / "variables").string());
  CHECK(half_plus_two.run(a * 8.0f + b) == 6.0f);
}
TEST_CASE("saver: checkpoints by steps, of which the newest stay") {
  folder const dir;
  std::string const here = dir.path.string(), path = dir / "m";
  CHECK(tf::train::latest_checkpoint(here).empty());
  tf::Session sess;
  sess.run(initialize);
  Saver saver(w);
  saver.max_to_keep = 2;
  for (int step : {1, 2, 3}) CHECK(saver.save(sess, path, step) == path + "-" + std::to_string(step));
  CHECK(saver.last_checkpoints() == paths{path + "-2", path + "-3"});
  CHECK(tf::train::latest_checkpoint(here) == path + "-3");
  CHECK(tf::train::latest_checkpoint(here + "/") == path + "-3");
  CHECK(dir.files() == 5);  // two of two files, and `checkpoint`
  CHECK(io_test::text_of(dir / "checkpoint") ==
        "model_checkpoint_path: \"m-3\"\nall_model_checkpoint_paths: \"m-2\"\nall_model_checkpoint_paths: \"m-3\"\n");
  // Saved again, the second is the newest.
  saver.save(sess, path, 2);
  CHECK(saver.last_checkpoints() == paths{path + "-3", path + "-2"});
  auto const step = tf::variable<"step">(tf::constant<std::int64_t>(100));
  sess.run(step.initializer());
  CHECK(saver.save(sess, dir / "m.npz", step) == dir / "m-100.npz");
  CHECK(saver.save(sess, dir / "m.safetensors", step) == dir / "m-100.safetensors");
  CHECK(dir.files() == 3);
  CHECK(tf::train::latest_checkpoint(here) == dir / "m-100.safetensors");
  std::filesystem::remove(dir / "m-100.safetensors");
  CHECK(tf::train::latest_checkpoint(here).empty());

  Saver keeps(w);
  keeps.max_to_keep = 1;
  keeps.keep_checkpoint_every_n_hours = 0;
  Saver all(w);
  all.max_to_keep = 0;
  for (int i : {1, 2, 3}) {
    keeps.save(sess, dir / "k", i);
    all.save(sess, dir / "a", i);
  }
  CHECK(keeps.last_checkpoints() == paths{dir / "k-3"});
  CHECK(all.last_checkpoints().empty());
  for (char const* const name : {"k-1", "k-2", "k-3", "a-1", "a-2", "a-3"})
    CHECK(Saver(w).save(sess, dir / name).size() > 0);
  CHECK(tf::train::latest_checkpoint(here) == dir / "a-3");
}
TEST_CASE("saver: training that is stopped and goes on gives the same weights bit for bit") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const v = tf::variable<"v">(tf::constant<float>({{0.5f, -1}, {2, 0.25f}}));
  auto const loss = tf::reduce_sum(tf::square(tf::matmul(x, v) - 1.0f));
  auto const train = tf::train::AdamOptimizer(0.05f).minimize(loss);
  folder const dir;
  Saver saver(train);
  auto const steps = [&](tf::Session& sess, int from, int to) {
    for (int i = from; i < to; ++i) sess.run(train, x = {{float(i), 1.0f}, {0.5f, float(i % 3)}});
  };
  tf::Session whole, first, second;
  whole.run(tf::global_variables_initializer(train));
  steps(whole, 0, 20);
  first.run(tf::global_variables_initializer(train));
  steps(first, 0, 11);
  saver.save(first, dir / "m");
  first.close();
  saver.restore(second, dir / "m");
  steps(second, 11, 20);
  CHECK(whole.run(v) == second.run(v));
  std::vector<std::string> names;
  for (auto const& t : tf::train::list_variables(dir / "m")) names.push_back(t.name);
  CHECK(names == paths{"beta1_power", "beta2_power", "v", "v/Adam", "v/Adam_1"});
}
TEST_CASE("saver: every dtype, scalars and tensors without elements") {
  auto const flags = tf::variable<"bool">(tf::constant<bool>({true, false, true}));
  auto const i8 = tf::variable<"i8">(tf::constant<std::int8_t>({-128, 127}));
  auto const u8 = tf::variable<"u8">(tf::constant<std::uint8_t>({0, 255}));
  auto const i16 = tf::variable<"i16">(tf::constant<std::int16_t>({-32768, 32767}));
  auto const u16 = tf::variable<"u16">(tf::constant<std::uint16_t>({0, 65535}));
  auto const i32 = tf::variable<"i32">(tf::constant<std::int32_t>(-7));
  auto const u32 = tf::variable<"u32">(tf::constant<std::uint32_t>({0, 4294967295u}));
  auto const i64 = tf::variable<"i64">(tf::constant<std::int64_t>({INT64_MIN, INT64_MAX}));
  auto const u64 = tf::variable<"u64">(tf::constant<std::uint64_t>({UINT64_MAX}));
  auto const f64 = tf::variable<"f64">(tf::constant<double>({{-0.0, 1e308}}));
  auto const c64 = tf::variable<"c64">(tf::constant<std::complex<float>>(std::complex<float>(1, -2)));
  auto const c128 = tf::variable<"c128">(tf::zeros<std::complex<double>>(tf::shape<2>));
  auto const q8 = tf::variable<"q8">(tf::constant<tf::qint8>({-128, 127}));
  auto const q32 = tf::variable<"q32">(tf::zeros<tf::qint32>(tf::shape<2, 2>));
  auto const none = tf::variable<"none">(tf::zeros(tf::shape<2, 0, 3>));
  auto const texts = tf::variable<"texts">(tf::constant({"", "a text that no string holds in itself", "b"}));
  auto const all = tf::group(flags, i8, u8, i16, u16, i32, u32, i64, u64, f64, c64, c128, none, texts, q8, q32);
  auto const values = tf::fetch(flags, i8, u8, i16, u16, i32, u32, i64, u64, f64, c64, c128, none, texts, q8, q32);
  folder const dir;
  Saver saver(all);
  tf::Session sess, other;
  sess.run(tf::global_variables_initializer(all));
  saver.save(sess, dir / "m");
  saver.restore(other, dir / "m");
  auto const expected = sess.run(values);
  CHECK(expected == other.run(values));
  saver.restore(other, dir / "m");
  CHECK(expected == other.run(values));
  CHECK(std::get<13>(expected)(1) == "a text that no string holds in itself");
  CHECK(std::signbit(std::get<9>(expected)(0, 0)));
  CHECK_THROWS_AS(saver.save(sess, dir / "m.npz"), errors::UnimplementedError);
  CHECK(!tf::io::exists(dir / "m.npz"));
}
TEST_CASE("saver: a shape that the type leaves open becomes the file's") {
  constexpr auto batch = tf::dim<"batch">;
  auto const p = tf::placeholder<"p", float>(tf::shape<tf::dyn>);
  auto const b = tf::placeholder<"b", float>(tf::shape<batch>);
  auto const v = tf::variable<"v">(p);
  auto const a = tf::variable<"a">(b);
  auto const c = tf::variable<"c">(tf::zeros(tf::shape<batch, 2>));
  folder const dir;
  Saver saver(v, a, c);
  tf::Session sess, other;
  sess.run(tf::global_variables_initializer(v, a, c), p = counted(3), b = counted(2));
  saver.save(sess, dir / "m");
  saver.restore(other, dir / "m");
  auto const sum = tf::fetch(v * 2.0f, tf::reduce_sum(c, tf::axis<1>) + a);
  auto const [twice, added] = other.run(sum);
  CHECK(same(twice, {2, 4, 6}));
  CHECK(same(added, {1, 2}));
  // Over another shape, and into a call that was prepared for that.
  auto step = other.make_callable(v.assign_add(1.0f));
  CHECK(same(step(), {2, 3, 4}));
  sess.run(v.initializer(), p = counted(100000));
  saver.save(sess, dir / "m");
  saver.restore(other, dir / "m");
  CHECK(step()(99999) == 100001);
  // A name is one extent in all.
  CHECK(message<errors::InvalidArgumentError>([&] { Saver({{"v", a}, {"c", c}}).restore(other, dir / "m"); }) ==
        "Incompatible shapes: key c of checkpoint " + (dir / "m") +
            " is of shape [2,2], where dimension 0 must be the 100000 of key v");
  CHECK(message<errors::InvalidArgumentError>([&] { Saver({{"c", a}}).restore(other, dir / "m"); }) ==
        "Assign requires dtypes and shapes of both tensors to match: variable 'a' is float [?], and key c of "
        "checkpoint " +
            (dir / "m") + " is float [2,2]");
}
TEST_CASE("saver: whatever does not fit is refused, and changes nothing") {
  folder const dir;
  Saver saver(w, n);
  tf::Session sess, fresh;
  CHECK(message<errors::FailedPreconditionError>([&] { saver.save(sess, dir / "m"); }) ==
        "Attempting to use uninitialized value weights\nhelp: run its initializer first, or restore it");
  sess.run(initialize);
  CHECK(message<errors::NotFoundError>([&] { saver.save(sess, dir / "absent/m"); }) ==
        "Parent directory of " + (dir / "absent/m") + " doesn't exist, can't save.");
  CHECK(dir.files() == 0);
  saver.save(sess, dir / "m");
  sess.run(add);
  auto const refused = [&]<class Error>(Error const*, Saver const& with, std::string const& path) {
    std::string const text = message<Error>([&] { with.restore(sess, path); });
    CHECK(text == message<Error>([&] { with.restore(fresh, path); }));
    CHECK(holds(sess, {11, 12, 13}, {4, 5}));
    CHECK_THROWS_AS(fresh.run(w), errors::FailedPreconditionError);
    CHECK_THROWS_AS(fresh.run(n), errors::FailedPreconditionError);
    return text;
  };
  errors::NotFoundError const* const not_found = nullptr;
  errors::InvalidArgumentError const* const invalid = nullptr;
  errors::DataLossError const* const lost = nullptr;
  CHECK(refused(not_found, saver, dir / "absent") ==
        "The passed save_path is not a valid checkpoint: " + (dir / "absent"));
  CHECK(refused(invalid, saver, "") == "Can't load save_path when it is empty.");
  auto const other = tf::variable<"other">(tf::zeros(tf::shape<2>));
  CHECK(refused(not_found, Saver(n, w, other), dir / "m") == "Key other not found in checkpoint " + (dir / "m"));
  auto const narrow = tf::variable<"weights">(tf::zeros(tf::shape<3>));
  auto const whole = tf::variable<"more/n">(tf::zeros<std::int64_t>(tf::shape<2>));
  std::string const begin = "Assign requires dtypes and shapes of both tensors to match: variable ";
  CHECK(refused(invalid, Saver(n, narrow), dir / "m") ==
        begin + "'weights' is float [3], and key weights of checkpoint " + (dir / "m") + " is float [1,3]");
  CHECK(refused(invalid, Saver(w, whole), dir / "m") ==
        begin + "'more/n' is int64 [2], and key more/n of checkpoint " + (dir / "m") + " is double [2]");
  // The second variable's elements: the first ones are read by then.
  change_byte(dir / "m.data-00000-of-00001", 17);
  CHECK(refused(lost, saver, dir / "m") ==
        dir / "m.data-00000-of-00001" + ": tensor 'weights' does not match its checksum");
  change_byte(dir / "m.data-00000-of-00001", 17);
  change_byte(dir / "m.index", 9);
  CHECK(refused(lost, saver, dir / "m") == dir / "m.index" + ": the checksum of a block does not match");
  change_byte(dir / "m.index", 9);
  std::filesystem::remove(dir / "m.data-00000-of-00001");
  CHECK(refused(not_found, saver, dir / "m") == dir / "m.data-00000-of-00001" + "; No such file or directory");
  sess.close();
  CHECK_THROWS_AS(saver.save(sess, dir / "m"), errors::FailedPreconditionError);
  CHECK_THROWS_AS(saver.restore(sess, dir / "m"), errors::FailedPreconditionError);
}
TEST_CASE("saver: random streams begin anew in another session, as their seeds say") {
  auto const draw = tf::random_uniform<"draw">(tf::shape<2>, 0.0f, 1.0f, tf::seed(7));
  auto const drawn = w.assign_add(tf::reshape(tf::concat(tf::axis<0>, draw, tf::zeros(tf::shape<1>)), tf::shape<1, 3>));
  folder const dir;
  Saver saver(w);
  tf::Session sess, other;
  sess.run(initialize);
  saver.save(sess, dir / "m");
  auto const first = sess.run(drawn);
  saver.restore(other, dir / "m");
  CHECK(other.run(drawn) == first);
  // Restored in its own session, a stream goes on.
  saver.restore(sess, dir / "m");
  CHECK(!(sess.run(drawn) == first));
}
