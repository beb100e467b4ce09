package io.tidegate.examples.drill.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.text.NumberFormat;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.renderer.xy.StackedXYAreaRenderer2;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.DefaultTableXYDataset;
import org.jfree.data.xy.XYDataset;
import org.jfree.data.xy.XYSeries;

/** A chart of a page: lines or layers over time, or lines over steps. */
final class Chart {

  private static final Font FONT = new Font("SansSerif", Font.PLAIN, 12);
  private static final Color CLEAR = new Color(0, 0, 0, 0);
  private static final Color SHADE = new Color(128, 128, 128, 40);

  /** Told apart by those who see no red or green, on light and on dark. */
  private static final Color[] COLOURS = {
    new Color(0x2B, 0x8C, 0xD6),
    new Color(0xE0, 0x80, 0x1A),
    new Color(0x1F, 0xA3, 0x7A),
    new Color(0xC7, 0x5A, 0x9B),
    new Color(0x8A, 0x7B, 0xE0),
    new Color(0x9A, 0x8F, 0x2A),
  };

  private final String caption;
  private final String unit;
  private final DefaultTableXYDataset overTime = new DefaultTableXYDataset();
  private final DefaultCategoryDataset overSteps = new DefaultCategoryDataset();
  private boolean layered;
  private boolean logarithmic;
  private int shadeFrom = -1;
  private int shadeTo = -1;

  Chart(String caption, String unit) {
    this.caption = caption;
    this.unit = unit;
  }

  /** Layers on each other in place of lines. */
  Chart layered() {
    layered = true;
    return this;
  }

  Chart logarithmic() {
    logarithmic = true;
    return this;
  }

  /** Shades the attack. */
  Chart attack(int from, int to) {
    shadeFrom = from;
    shadeTo = to;
    return this;
  }

  /** A line over seconds; what is no number leaves a gap, and zero does on a logarithmic axis. */
  Chart add(String name, JsonNode values) {
    XYSeries series = new XYSeries(name, true, false);
    for (int i = 0; i < values.size(); i++) {
      JsonNode value = values.get(i);
      boolean fits = value.isNumber() && (!logarithmic || value.asDouble() > 0);
      series.add(i, fits ? value.asDouble() : null);
    }
    if (series.getItemCount() > 0) {
      overTime.addSeries(series);
    }
    return this;
  }

  /** A point of a line over steps. */
  Chart add(String name, String step, double value) {
    overSteps.addValue(value, name, step);
    return this;
  }

  boolean isEmpty() {
    return overTime.getSeriesCount() == 0 && overSteps.getRowCount() == 0;
  }

  /** The figure with its caption; nothing if there is nothing to draw. */
  String html(int number) throws IOException {
    if (isEmpty()) {
      return "";
    }
    String text = Html.escaped(caption);
    return "<figure><figcaption>"
        + text
        + "</figcaption>"
        + Svg.of(chart(), caption, number)
        + "</figure>\n";
  }

  private JFreeChart chart() {
    JFreeChart chart =
        overSteps.getRowCount() > 0
            ? ChartFactory.createLineChart(
                null, null, unit, overSteps, PlotOrientation.VERTICAL, true, false, false)
            : chartOverTime(overTime);
    Plot plot = chart.getPlot();
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    chart.setBackgroundPaint(null);
    chart.setBorderVisible(false);
    chart.setAntiAlias(true);
    if (plot instanceof XYPlot over) {
      style(over);
    } else if (plot instanceof CategoryPlot steps) {
      style(steps);
    }
    LegendTitle legend = chart.getLegend();
    legend.setItemFont(FONT);
    legend.setItemPaint(Svg.INK);
    legend.setBackgroundPaint(CLEAR);
    legend.setFrame(BlockBorder.NONE);
    return chart;
  }

  private JFreeChart chartOverTime(XYDataset data) {
    if (!layered) {
      return ChartFactory.createXYLineChart(null, "seconds", unit, data);
    }
    JFreeChart chart =
        ChartFactory.createStackedXYAreaChart(
            null,
            "seconds",
            unit,
            (DefaultTableXYDataset) data,
            PlotOrientation.VERTICAL,
            true,
            false,
            false);
    chart.getXYPlot().setRenderer(new StackedXYAreaRenderer2());
    return chart;
  }

  private void style(XYPlot plot) {
    if (logarithmic) {
      LogAxis axis = new LogAxis(unit);
      axis.setBase(10);
      axis.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
      axis.setTickUnit(new NumberTickUnit(1, NumberFormat.getIntegerInstance(Locale.ROOT)));
      plot.setRangeAxis(axis);
    }
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(Svg.GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    for (int i = 0; i < plot.getSeriesCount(); i++) {
      plot.getRenderer().setSeriesPaint(i, COLOURS[i % COLOURS.length]);
      plot.getRenderer().setSeriesStroke(i, stroke(i));
    }
    if (shadeFrom >= 0) {
      plot.addDomainMarker(new IntervalMarker(shadeFrom, shadeTo, SHADE), Layer.BACKGROUND);
    }
    style(plot.getDomainAxis());
    style(plot.getRangeAxis());
    if (plot.getDomainAxis() instanceof NumberAxis seconds) {
      seconds.setAutoRangeIncludesZero(false);
    }
  }

  private static void style(CategoryPlot plot) {
    plot.setRangeGridlinePaint(Svg.GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    LineAndShapeRenderer renderer = new LineAndShapeRenderer(true, true);
    plot.setRenderer(renderer);
    for (int i = 0; i < plot.getDataset().getRowCount(); i++) {
      renderer.setSeriesPaint(i, COLOURS[i % COLOURS.length]);
      renderer.setSeriesStroke(i, stroke(i));
    }
    style(plot.getDomainAxis());
    style(plot.getRangeAxis());
    plot.getRangeAxis().setLowerBound(0);
  }

  private static void style(Axis axis) {
    axis.setLabelFont(FONT);
    axis.setTickLabelFont(FONT);
    axis.setLabelPaint(Svg.INK);
    axis.setTickLabelPaint(Svg.INK);
    axis.setAxisLinePaint(Svg.GRID);
    axis.setTickMarkPaint(Svg.GRID);
  }

  /** Broken in different ways, for those who see no colours. */
  private static BasicStroke stroke(int index) {
    float[][] dashes = {null, {7, 4}, {2, 3}, {10, 3, 2, 3}, null, {4, 2}};
    float width = index == 4 ? 3.5f : 2;
    float[] dash = dashes[index % dashes.length];
    return dash == null
        ? new BasicStroke(width)
        : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }
}
