using System.Globalization;
using Penstock.Generator.Shared;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Tasks;

/// <summary>An option that an attribute does not set has the documented default of the attribute.</summary>
public sealed class FileDefaultTests
{
    private static readonly string Generated = TestCompiler.BuildShop("""
        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")]
            [FileSink("copy.csv")]
            public partial Stream<Order> Orders { get; }
        }
        """).AssertClean().Tasks("Shop");

    [Fact]
    public void A_source_has_the_split_size_of_its_attribute() =>
        Assert.Contains($"splitSize: {Bytes(new FileSourceAttribute("orders.csv").SplitSize)}", Generated, StringComparison.Ordinal);

    [Fact]
    public void A_sink_has_the_roll_size_of_its_attribute() =>
        Assert.Contains($"rollSize: {Bytes(new FileSinkAttribute("copy.csv").RollSize)}", Generated, StringComparison.Ordinal);

    [Fact]
    public void A_csv_source_has_the_delimiter_of_its_attribute() =>
        Assert.Contains($"delimiter: '{new FileSourceAttribute("orders.csv").Delimiter}'", Generated, StringComparison.Ordinal);

    [Fact]
    public void A_source_reads_line_ends_in_quotes_and_ends_with_its_files_as_its_attribute_does()
    {
        Assert.True(new FileSourceAttribute("orders.csv").MultiLine);
        Assert.True(new Sources.Files.FileSourceSettings("orders.csv", 1).MultiLine);
        Assert.Null(new FileSourceAttribute("orders.csv").Poll);
        Assert.DoesNotContain("multiLine", Generated, StringComparison.Ordinal);
        Assert.DoesNotContain("poll", Generated, StringComparison.Ordinal);
    }

    private static string Bytes(string size)
    {
        Assert.True(ByteSizes.TryParse(size, out var bytes));
        return bytes.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '_');
    }
}
