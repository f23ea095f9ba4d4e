# Time and memory of a publication against entries in the index. ARG1: lines of program,
# entries, seconds, MiB; ARG2: the SVG; ARG3: the programs, quoted.
set terminal svg size 1000, 420 font "sans-serif,11" background "white"
set output ARG2
set datafile separator tab
set multiplot layout 1, 2
set logscale xy
set grid
set key top left noenhanced
set xlabel "entries in the index"
set title "publishing one package: seconds"
plot for [name in ARG3] ARG1 \
	using (strcol(1) eq name ? $2 : NaN):3 with linespoints title name
set title "publishing one package: MiB, largest process"
unset key
plot for [name in ARG3] ARG1 \
	using (strcol(1) eq name ? $2 : NaN):4 with linespoints title name
unset multiplot
