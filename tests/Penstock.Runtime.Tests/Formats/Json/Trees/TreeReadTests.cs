using System.Text;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Which parts of nested objects are read, and the errors for unreadable ones.</summary>
public sealed class TreeReadTests
{
    private const string Good = """{"name":"Ann","address":[{"city":"Ulm","zip":1}],"others":{}}""";

    [Theory]
    [InlineData("$.customer.name", "'5' is not a text in quotes", """{"name":5,"address":[],"others":{}}""")]
    [InlineData("$.customer.name", "the property is missing", """{"address":[],"others":{}}""")]
    [InlineData("$.customer.name", "the value is null, but a text was expected", """{"name":null,"address":[],"others":{}}""")]
    [InlineData("$.customer.address", "the value is null, but a list was expected", """{"name":"a","address":null,"others":{}}""")]
    [InlineData("$.customer.address", "'{' is not a list", """{"name":"a","address":{},"others":{}}""")]
    [InlineData(
        "$.customer.address[2].zip",
        "'x' is not a whole number from -2147483648 to 2147483647",
        """{"name":"a","address":[{"city":"b","zip":1},{"city":"c","zip":2},{"city":"d","zip":"x"}],"others":{}}""")]
    [InlineData(
        "$.customer.address[0].zip",
        "'1.5' is not a whole number from -2147483648 to 2147483647",
        """{"name":"a","address":[{"city":"b","zip":1.5}],"others":{}}""")]
    [InlineData("$.customer.address[1]", "'7' is not an object", """{"name":"a","address":[{"city":"b","zip":1},7],"others":{}}""")]
    [InlineData(
        "$.customer.address[1]",
        "the value is null, but an object was expected",
        """{"name":"a","address":[{"city":"b","zip":1}, null ],"others":{}}""")]
    [InlineData(
        "$.customer.address[1].zip",
        "the property is missing",
        """{"name":"a","address":[{"city":"b","zip":1},{"city":"c"}],"others":{}}""")]
    [InlineData(
        "$.customer.others.x.city",
        "'true' is not a text in quotes",
        """{"name":"a","address":[],"others":{"x":{"city":true,"zip":1}}}""")]
    [InlineData(
        "$.customer.others['a.b'].zip",
        "'{' is not a whole number from -2147483648 to 2147483647",
        """{"name":"a","address":[],"others":{"c":null,"a.b":{"city":"x","zip":{}}}}""")]
    [InlineData(
        "$.customer.others[']'].zip",
        "the value is null, but a whole number from -2147483648 to 2147483647 was expected",
        """{"name":"a","address":[],"others":{"]":{"city":"x","zip":null}}}""")]
    [InlineData(
        "$.customer.others['it\\'s \"so\"'].zip",
        "'[' is not a whole number from -2147483648 to 2147483647",
        """{"name":"a","address":[],"others":{"it's \"so\"":{"city":"x","zip":[]}}}""")]
    [InlineData("$.customer.others.ö", "'1' is not an object", """{"name":"a","address":[],"others":{"\u00f6":1}}""")]
    [InlineData(
        "$.customer['the home'].zip",
        "'2147483648' is not a whole number from -2147483648 to 2147483647",
        """{"name":"a","address":[],"others":{},"the home":{"city":"x","zip":2147483648}}""")]
    [InlineData("$.customer", "the value is null, but an object was expected", "null")]
    [InlineData("$.customer", "'Ann' is not an object", "\"Ann\"")]
    [InlineData(
        "$.customer.name",
        "a text is not valid UTF-8, or has half of a surrogate pair (such as \\ud800 alone)",
        """{"name":"\ud800","address":[],"others":{}}""")]
    public void A_bad_value_is_named_by_its_path(string path, string error, string customer)
    {
        using var test = PipelineTest.For<PurchasePipeline>(everyStream: true);
        test.SendText(nameof(PurchasePipeline.Purchases), $"{{\"id\":1,\"customer\":{customer}}}\n{{\"customer\":{Good},\"id\":2}}\n");
        var bad = Assert.Single(test.Read<BadRow>(nameof(PurchasePipeline.Bad)));
        Assert.Equal((path, error), (bad.Column, bad.Error));
        Assert.Equal(2, Assert.Single(test.Read<Purchase>(nameof(PurchasePipeline.Purchases))).Id);

        // The same in a field of CSV.
        using var csv = PipelineTest.For<PurchasePipeline>(everyStream: true);
        csv.SendText(nameof(PurchasePipeline.Other), $"id,customer,note\n1,{Quoted(customer)},x\n2,{Quoted(Good)},y\n");
        bad = Assert.Single(csv.Read<BadRow>(nameof(PurchasePipeline.BadOther)));
        Assert.Equal((path, error), (bad.Column, bad.Error));
        Assert.Equal(2, Assert.Single(csv.Read<Purchase>(nameof(PurchasePipeline.Other))).Id);
    }

    [Theory]
    [InlineData("{\"id\":1}", "customer", "the property is missing")]
    [InlineData("{\"id\":\"x\",\"customer\":{}}", "id", "'x' is not a whole number from -2147483648 to 2147483647")]
    public void Columns_of_the_row_keep_their_names(string line, string column, string error)
    {
        using var test = PipelineTest.For<PurchasePipeline>(everyStream: true);
        test.SendText(nameof(PurchasePipeline.Purchases), line + "\n");
        var bad = Assert.Single(test.Read<BadRow>(nameof(PurchasePipeline.Bad)));
        Assert.Equal((column, error), (bad.Column, bad.Error));
    }

    [Theory]
    [InlineData("""{"name":"Ann","address":[{"city":"Ulm","zip":1}],"others":{}}""")]
    [InlineData(""" { "others" : { } , "address" : [ { "zip" : 1 , "city" : "Ulm" } ] , "name" : "Ann" } """)]
    [InlineData("""{"NAME":"Ann","Address":[{"CITY":"Ulm","ziP":1}],"others":{}}""")]
    [InlineData("""{"name":"Ann","NAME":5,"address":[{"city":"Ulm","zip":1,"ZIP":2}],"others":{}}""")]
    [InlineData("""{"NAME":"Bob","name":"Ann","address":[{"ZIP":2,"city":"Ulm","zip":1,"ZIP":3}],"others":{}}""")]
    [InlineData("""{"name":"Bob","name":"Ann","address":null,"address":[{"city":7,"zip":{},"zip":1,"city":"Ulm"}],"others":{}}""")]
    [InlineData("""{"\u006eame":"\u0041nn","address":[{"city":"Ulm","zip":"1"}],"others":{},"n\u00e4me":5}""")]
    [InlineData(
        """{"name":"Ann","x":{"y":[1,{"z":[[],{},"\"",null,true,-1.5e3]}]},"address":[{"city":"Ulm","q":[{"zip":5}],"zip":1}],"others":{}}""")]
    public void Objects_are_read_in_any_form(string customer)
    {
        using var test = PipelineTest.For<PurchasePipeline>(everyStream: true);
        test.SendText(nameof(PurchasePipeline.Purchases), $"{{\"id\":1,\"customer\":{customer}}}\n");
        test.SendText(nameof(PurchasePipeline.Other), $"id,customer,note\n1,{Quoted(customer)},none\n");
        Assert.Empty(test.Read<BadRow>(nameof(PurchasePipeline.Bad)));
        Assert.Empty(test.Read<BadRow>(nameof(PurchasePipeline.BadOther)));
        var fromJson = Assert.Single(test.Read<Purchase>(nameof(PurchasePipeline.Purchases)));
        var fromCsv = Assert.Single(test.Read<Purchase>(nameof(PurchasePipeline.Other)));
        foreach (var row in new[] { fromJson, fromCsv })
        {
            Assert.Equal(
                ("Ann", new Address("Ulm", 1), 0, "none"),
                (row.Customer.Name, Assert.Single(row.Customer.Address), row.Customer.Others.Count, row.Note));
        }
    }

    [Theory]
    [InlineData("""{"name":[1,{"a":"\ud800"}],"address":"rubbish","others":5,"the home":{"city":false,"zip":7,"street":{}}}""")]
    [InlineData("""{"the home":{"zip":7}}""")]
    public void What_nobody_reads_is_not_parsed_also_inside(string customer)
    {
        var line = $"{{\"id\":1,\"customer\":{customer},\"note\":0}}\n";

        // Production reads only the zip of the home. A test that reads all streams reads all of a purchase.
        var bad = new SourceReading.KeepBadRows();
        var row = Assert.Single(TreeText.Read<ZipPipeline, Purchase>("PurchasesReader", line, bad));
        Assert.Equal((1, 7), (row.Id, row.Customer.Home!.Zip));
        Assert.Null(row.Customer.Name);
        Assert.Empty(bad.Rows);
        Assert.Empty(TreeText.Read<PurchasePipeline, Purchase>("PurchasesReader", line, bad));
        Assert.Single(bad.Rows);
    }

    [Theory]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{}},"note"}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{}},"note"x}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others"x}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","others":{},"address"}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{"b"?}}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{"b":null,"c"}}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{"b":null,"\u0063"}}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{},"\u006eame"}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{}},"note\ude00"}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{},"name\ud83d"}}""")]
    [InlineData("""{"id":1,"customer":{"name":"a","address":[],"others":{"b":null,"c\ud83d"}}}""")]
    public void A_member_has_a_colon_and_a_value(string line)
    {
        var bad = new SourceReading.KeepBadRows();
        Assert.Empty(TreeText.Read<PurchasePipeline, Purchase>("PurchasesReader", line + "\n", bad));
        Assert.Single(bad.Rows);
        TreeText.ReadMessage<PurchasePipeline, Purchase>("PurchasesReader", line, out var error);
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("""{"name":[1,],"the home":{"zip":7}}""")]
    [InlineData("""{"name":{"a" 1},"the home":{"zip":7}}""")]
    [InlineData("""{"name":tru,"the home":{"zip":7}}""")]
    [InlineData("""{"name":"\x","the home":{"zip":7}}""")]
    [InlineData("""{"name":01,"the home":{"zip":7}}""")]
    [InlineData("""{"the home":{"zip":7},}""")]
    [InlineData("""{"the home":{"zip":7},"name"}""")]
    [InlineData("""{"the home":{"zip":7},"name"x}""")]
    [InlineData("""{"the home":{"zip":7,"city"}}""")]
    [InlineData("""{"the home":{"zip":7,"city":{"a":[}]}}""")]
    [InlineData("""{"the home":{"zip":7}""")]
    public void What_is_no_JSON_is_a_bad_row_wherever_it_stands(string customer)
    {
        var bad = new SourceReading.KeepBadRows();
        var rows = TreeText.Read<ZipPipeline, Purchase>(
            "PurchasesReader",
            $"{{\"id\":1,\"customer\":{customer}}}\n{{\"id\":2,\"customer\":{{}}}}\n",
            bad);
        Assert.Equal(2, Assert.Single(rows).Id);
        Assert.StartsWith("the line is not valid JSON", Assert.Single(bad.Rows).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_a_field_of_CSV_that_is_no_JSON_is_a_bad_row()
    {
        using var test = PipelineTest.For<PurchasePipeline>(everyStream: true);
        test.SendText(
            nameof(PurchasePipeline.Other),
            $"id,customer,note\n1,rubbish,x\n2,{Quoted(Good)} ,x\n3,{Quoted(Good + "}")},x\n4,,x\n5,{Quoted(Good.Replace(",", ",\n\t", StringComparison.Ordinal))},y\n");
        var bad = test.Read<BadRow>(nameof(PurchasePipeline.BadOther));
        Assert.Equal(
            [("customer", 1L), ("customer", 2), ("customer", 3), ("$.customer", 4)],
            bad.Select(static row => (row.Column, row.Position - 1)));
        Assert.StartsWith("the text is not valid JSON", bad[0].Error, StringComparison.Ordinal);
        Assert.Equal("the value is null, but an object was expected", bad[3].Error);
        Assert.Equal(5, Assert.Single(test.Read<Purchase>(nameof(PurchasePipeline.Other))).Id);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, true)]
    [InlineData(62, true)]
    [InlineData(63, false)]
    [InlineData(70, false)]
    [InlineData(100_000, false)]
    public void Objects_are_read_to_a_depth_of_64(int nodes, bool isRead)
    {
        // The tree, its nodes, and the list of children of the last one.
        var node = string.Concat(Enumerable.Repeat("{\"name\":\"a\",\"children\":[],\"next\":", nodes)) + "null" + new string('}', nodes);
        var bad = new SourceReading.KeepBadRows();
        var rows = TreeText.Read<NodePipeline, NodeRow>("NodesReader", $"{{\"node\":{node}}}\n", bad);
        if (isRead)
        {
            Assert.Equal(nodes, Depth(Assert.Single(rows).Node));
            return;
        }

        var row = Assert.Single(bad.Rows);
        Assert.Equal("it is nested deeper than 64 levels", row.Error);
        Assert.StartsWith("$.node.next.next.", row.Column, StringComparison.Ordinal);

        static int Depth(Node? node) => node == null ? 0 : 1 + Depth(node.Next);
    }

    [Fact]
    public void What_is_skipped_may_be_nested_as_deep_as_its_line_is_long()
    {
        const int Depth = 100_000;
        var deep = new StringBuilder().Insert(0, "{\"a\":[", Depth).Append('1').Append(new StringBuilder().Insert(0, "]}", Depth));

        var line = $"{{\"id\":1,\"customer\":{{\"x\":{deep},\"the home\":{{\"zip\":7,\"y\":{deep}}}}}}}\n";
        Assert.Equal(7, Assert.Single(TreeText.Read<ZipPipeline, Purchase>("PurchasesReader", line)).Customer.Home!.Zip);
        var bad = new SourceReading.KeepBadRows();
        Assert.Empty(TreeText.Read<ZipPipeline, Purchase>("PurchasesReader", line.Replace("[1]", "[1}", StringComparison.Ordinal), bad));
        Assert.Single(bad.Rows);
    }

    [Fact]
    public void Keys_of_dictionaries_are_any_texts_and_the_last_of_two_counts()
    {
        var line = """{"id":1,"customer":{"name":"a","address":[],"others":{"":null,"a.b":null,"]":null,"\n\u00e4\ud83d\ude00":null,"twice":null,"twice":{"city":"x","zip":3}}}}"""
            + "\n";
        var others = Assert.Single(TreeText.Read<PurchasePipeline, Purchase>("PurchasesReader", line)).Customer.Others;
        Assert.Equal(["", "a.b", "]", "\nä😀", "twice"], others.Keys);
        Assert.Equal(new Address("x", 3), others["twice"]);
    }

    private static string Quoted(string field) => "\"" + field.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
