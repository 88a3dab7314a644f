// SPDX-License-Identifier: Apache-2.0
// A text for the examples that learn to write, one character after another: plain ASCII, written for them.
#pragma once

inline constexpr char clockmaker_text[] =
    R"(The Clock Maker

At the end of the lane, where the paving stones give way to gravel and the gravel to grass, there stands a
narrow house with one wide window. Behind the window sits a clock maker. He has sat there for so many years
that the children of the lane believe the house was built around him, as a shell grows around a snail. In the
morning he draws the curtain aside, and in the evening he draws it shut again, and between the two he does not
seem to move at all, except for his hands.

The hands are never still. They lift a wheel from a dish of oil, turn it to the light, and put it down. They
take a file that is no thicker than a blade of grass and pass it once over the edge of a tooth, and then they
wait, as if to ask the wheel whether that was enough. Sometimes it was. More often the file goes back, one
stroke more, and a dust of brass so fine that it floats falls slowly to the bench. At the end of each week the
clock maker sweeps the dust into a paper and keeps it. Nothing that was once part of a clock, he says, should
be thrown away, because it has learned to be patient.

Nobody in the lane remembers who taught him. He had a master once, an old woman from the coast who mended the
clocks of ships. A clock on a ship has a hard life. The floor is never level, the air is full of salt, and if
it goes wrong by one minute the captain may find a rock where the map shows open water. The old woman used to
say that on land a bad clock makes you late for dinner, but at sea a bad clock makes you early for the end of
the world. She taught him to listen before he looked. A clock tells you what is wrong with it, she said, if
you are quiet for long enough to let it finish.

So that is the first thing he does when somebody brings him a clock. He does not open it. He puts it on the
shelf behind him, in the middle of all the others, and goes on with what he was doing. After an hour, or a
day, he has heard what there is to hear. This one limps. That one holds its breath before it strikes. This one
runs well through the night, and slows down in the morning, when the sun reaches the wall on which it hangs.
Then he takes it down, and opens the back, and is hardly ever surprised.
)"
    R"(
The inside of a clock is a simple thing, he tells the children, when they dare to come in and ask. There is
something that wants to fall, and something that does not let it. The weight wants to fall. It pulls at a
cord, the cord pulls at a drum, the drum turns a wheel, and that wheel turns a smaller one, which has to go
faster, and so on, from wheel to wheel, until the last one would spin like a top if nobody stopped it. But
somebody does stop it. A little anchor of steel drops between two of its teeth and says: not yet. The pendulum
swings to one side and lifts the anchor, and a single tooth slips by. The pendulum swings back, and another
one may go. Tick, says the tooth that is let through. Tock, says the one that is caught. That is all. A clock
is a long argument between a weight and a pendulum, and the hands on the dial only tell us how far they have
come.

The children ask who wins. Nobody wins, says the clock maker. When the weight has reached the floor, the
argument is over, and there is no time left. Then you must take the key and wind it up, and they begin again
from the beginning, as if they had never talked about it before. The children think about this for a while.
Then the smallest of them asks whether the clock knows what time it is. The clock maker puts down his file.
No, he says at last. It only knows how to count. It is we who know what it is counting.

There is a shelf in the shop for the clocks that are finished, and another one for the clocks that are
waiting, and there is a third shelf, above the door, for the clocks that nobody came to fetch. Those he keeps
running too. He winds them on Sunday, one after the other, from the left to the right. A clock that is not
wound forgets, he says. The oil grows thick and the spring grows lazy, and when its owner comes back after ten
years and asks for it, it would be a pity to give him something that has spent ten years being nothing but a
box. Once, in the middle of winter, a man did come back. He had a grey beard, and when he left the lane he had
had none. He stood under the shelf and listened, and then he pointed, without looking, at the fourth clock
from the left. That one, he said. It was the one.

What does it cost, the man asked, to keep a clock for so long? The clock maker took a pencil and a piece of
paper and wrote down a number, and crossed it out, and wrote down a smaller one, and crossed that out as well.
In the end he turned the paper over and drew a little wheel with twelve teeth on it. Bring me some oranges, he
said, when there are oranges. In the spring a box arrived from the south, and for a week the shop smelled of
oil and of oranges, and the people in the lane found reasons to pass by the window.
)"
    R"(
He works in an order that never changes. First he takes the clock apart, and lays every part of it on a white
cloth, in the order in which it came out, so that the cloth in the end is like a sentence that can be read
from the left to the right. Then he cleans the parts, with spirit, and chalk, and a brush made of the hair of
a goat. Then he looks at each of them through the glass that he wears in his right eye. A tooth that is bent
he straightens. A tooth that is broken he saws out, and he lets in a new piece of brass, and files it until it
is the same as its neighbours. A hole that was round once, and that the years have worn to the shape of an
egg, he fills, and drills again. And when everything is as it ought to be, he reads the sentence backwards,
from the right to the left, and the clock comes together under his hands as if it had been waiting for nothing
else.

It never goes right at first. This is a thing that young clock makers do not know, and that makes them
unhappy. You may do everything well, and the clock is still too fast or too slow, because a pendulum does not
care for your opinion. If it is too long, the clock loses. If it is too short, the clock gains. Below the
weight of the pendulum there is a small nut, and if you turn the nut once, to the right, the weight rises by
the thickness of a fingernail, and the clock will gain half a minute in a day. So you turn the nut, and you
wait for a day, and you look. You see that it is still wrong, but it is less wrong than it was. You turn the
nut again, but not as far. You wait for another day. The error grows smaller, and the steps grow smaller with
it, and if you are not greedy, and do not turn too far at once, you will come to a morning on which there is
nothing left to do.

The clock maker had an apprentice for a time, a tall girl with ink on her sleeves, who was good with numbers
and bad at waiting. She could not bear it that a day had to pass between one turn of the nut and the next. She
made a list of what she had done and of what the clock had done about it, and after a week she laid a ruler
along the list and said: now I know. She turned the nut three times and a quarter, all at once, and went home.
In the morning the clock was right to the second. The clock maker looked at it for a long time. That was very
good, he said. Then he gave her a clock from the shelf above the door, one that had a spring in place of a
weight and a wheel in place of a pendulum, and she made her list, and laid her ruler along it, and turned the
screw, and in the morning the clock was wrong by a quarter of an hour. She laughed, and then she was angry,
and then she asked him why.

Because the ruler is straight, said the clock maker, and the clock is not. When you are close to the place
where you want to be, everything looks straight, and a ruler is the best friend that you have. When you are
far away, it will lead you into the sea. Take a small step, and look again, and only then take the next one.
The girl wrote it down, between the numbers, and she wrote under it: but how small? It was a good question,
and he did not have the answer. He only had his hands, which had taken so many steps that they did not ask any
more.
)"
    R"(
In the autumn the girl went away, to the city, to a school where she learned to build machines that count
without wheels. She writes to him, and he reads her letters at the bench with the glass in his eye, as if
there might be a fault in them. The machines have no weight that falls, she wrote, and no anchor that holds.
There is only a stone, as small as a grain of rice, that trembles when you touch it with a little lightning,
and it trembles thirty thousand times in a second, and never gets tired. All that the machine has to do is to
count. The clock maker thought about the stone for some days. Then he wrote back: and what is it that says not
yet?

The people of the lane do not need him as they did before. There is a clock in every kitchen now, and one in
every pocket, and none of them has to be wound. When one of them stops, it is thrown away, and a new one is
bought, and nobody puts it on a shelf to listen to it. But it is a strange thing. On Sunday, at the hour when
he winds the clocks above the door, a few people always happen to be in the lane. They stand about, and talk
of the weather, and of the price of bread. They do not look at the window. And when the last clock has been
wound, and all of them strike together, or nearly together, one a little early and one a little late, so that
the hour is not a point but a kind of garden through which you can walk, then they stop talking, and they
count. They know what time it is. They count all the same.

Once a child asked him which of all the clocks was the right one. He took the child by the hand, and led it
along the shelves, from the left to the right. This one is right in the morning, he said. This one is right
when the weather is dry. This one has not been right since your mother was small, but it is always wrong by
the same amount, and so you can trust it. This one is right twice a day and does not know when. And that one,
said the child, the big one, in the corner? The clock maker stopped. It was the clock of the old woman from
the coast, the last that she had made. It had crossed the ocean eleven times. That one, he said, is the one by
which I set the others.

And who sets that one? The clock maker looked out of the window. The light was going, and the first star stood
above the roof of the house on the other side of the lane, at the place where it stands in that season, at
that hour, in every year. Come back tomorrow night, he said, and bring your coat, and I will show you.
)"
    R"(
On the next night the sky was clear. They sat on the step in front of the shop, the old man and the child, and
the door behind them was open, so that they could hear the big clock in the corner. The clock maker had put a
stick into the ground, and another one behind it, and when the child laid its head against the second stick
and looked past the first one, it saw the edge of the chimney on the roof across the lane, as sharp as a
knife. Now wait, said the clock maker. A star came along the roof. It was a small one, and it did not seem to
move, but when you looked away and looked again it had come closer. It came to the chimney, and it went out,
all at once, like a lamp. Now, said the child. And in the shop the clock maker put a mark on a piece of paper,
and beside the mark the time.

Tomorrow it will do the same thing again, he said, and it will be four minutes earlier, less four seconds. It
has done so since before there was a roof, and before there was a lane. The child was silent. Then it asked
what everybody asks: and who winds the star? But the old man only laughed, and shut the door against the cold,
and gave the child an orange to take home. Behind the window the clocks went on, each of them with its own
small voice, and the big one in the corner went on below them all, slowly, as somebody walks who knows the
way. The weight wants to fall. Not yet, says the anchor. Not yet, not yet, not yet. And the wheel lets go of
one tooth, and holds the next, and the night goes by.
)";
