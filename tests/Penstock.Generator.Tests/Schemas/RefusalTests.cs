namespace Penstock.Generator.Tests.Schemas;

/// <summary>
/// Changes that saved state does not survive: they are refused at the start, with operator, field, old and new type, and nothing is
/// changed.
/// </summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("int", "short", "field 'Kept' was saved as int32 and is now int16, which does not hold every int32 exactly")]
    [InlineData("long", "int", "field 'Kept' was saved as int64 and is now int32, which does not hold every int64 exactly")]
    [InlineData("int", "uint", "field 'Kept' was saved as int32 and is now uint32, which does not hold every int32 exactly")]
    [InlineData("sbyte", "ulong", "field 'Kept' was saved as sbyte and is now uint64, which does not hold every sbyte exactly")]
    [InlineData("uint", "int", "field 'Kept' was saved as uint32 and is now int32, which does not hold every uint32 exactly")]
    [InlineData("long", "double", "field 'Kept' was saved as int64 and is now float64, which does not hold every int64 exactly")]
    [InlineData("int", "float", "field 'Kept' was saved as int32 and is now float32, which does not hold every int32 exactly")]
    [InlineData("double", "float", "field 'Kept' was saved as float64 and is now float32, which does not hold every float64 exactly")]
    [InlineData("double", "decimal", "field 'Kept' was saved as float64 and is now decimal, which does not hold every float64 exactly")]
    [InlineData("decimal", "double", "field 'Kept' was saved as decimal and is now float64, which does not hold every decimal exactly")]
    [InlineData("short", "char", "field 'Kept' was saved as int16 and is now char, which does not hold every int16 exactly")]
    [InlineData("int?", "int", "field 'Kept' was saved as int32? and is now int32, which cannot be null")]
    [InlineData("long?", "int?", "field 'Kept' was saved as int64? and is now int32?")]
    [InlineData("int", "string", "field 'Kept' was saved as int32 and is now string")]
    [InlineData("string", "byte[]", "field 'Kept' was saved as string and is now bytes")]
    [InlineData("DateTime", "DateTimeOffset", "field 'Kept' was saved as datetime and is now datetimeoffset")]
    [InlineData("List<int>", "HashSet<int>", "field 'Kept' was saved as list<int32> and is now set<int32>")]
    [InlineData("List<string>", "List<int>", "field 'Kept[]' was saved as string and is now int32")]
    [InlineData(
        "Dictionary<string, long>",
        "Dictionary<string, int>",
        "field 'Kept.Values[]' was saved as int64 and is now int32, which does not hold every int64 exactly")]
    [InlineData(
        "Dictionary<long, int>",
        "Dictionary<int, int>",
        "field 'Kept.Keys[]' was saved as int64 and is now int32, which does not hold every int64 exactly")]
    [InlineData("(int, string)", "(int, string, int)", "field 'Kept' was saved as (int32,string) and is now (int32,string,int32)")]
    [InlineData("(int, string)", "(int, int)", "field 'Kept.Item2' was saved as string and is now int32")]
    [InlineData("Item", "Smaller", "field 'Kept.Inner.B' was saved as int64 and is now int32, which does not hold every int64 exactly")]
    [InlineData(
        "List<Item?>",
        "List<Smaller?>",
        "field 'Kept[].Inner.B' was saved as int64 and is now int32, which does not hold every int64 exactly")]
    [InlineData(
        "Item?",
        "Point",
        "field 'Kept' was saved as record{A:int32;Inner:record{B:int64}}? and is now record{X:int32;Y:int32}, which cannot be null")]
    [InlineData(
        "HashSet<Point>",
        "HashSet<OnlyX>",
        "field 'Kept[].Y' of type int32 is gone, but it is part of a key of a set or dictionary, and without it two keys could become equal")]
    [InlineData(
        "Dictionary<Point, int>",
        "Dictionary<OnlyX, int>",
        "field 'Kept.Keys[].Y' of type int32 is gone, but it is part of a key of a set or dictionary, and without it two keys could become equal")]
    public void A_type_that_cannot_restore_the_saved_values(string from, string to, string description) => Refused(
        Keep(from),
        Keep(to),
        $"the state of 'Result' cannot be restored, because {description}. Change it back, convert it with a [StateUpgrade] method");

    [Fact]
    public void Another_format_of_a_codec() => Refused(
        Keep("Secret?") + EvolutionTests.Secrets,
        Keep("Secret?") + EvolutionTests.Secrets.Replace("secret/1", "secret/2", StringComparison.Ordinal),
        "the state of 'Result' cannot be restored, because field 'Kept' was saved as codec<secret/1>? and is now codec<secret/2>?. Change it back, convert it with a [StateUpgrade] method");

    [Fact]
    public void An_upgrade_that_takes_another_type() => Refused(
        Keep("string"),
        "[StateUpgrade(nameof(Kept))] private static int Of(long old) => (int)old;\n" + Keep("int"),
        "the state of 'Result' cannot be restored, because field 'Kept' was saved as string and is now int32. Change it back, convert it with a [StateUpgrade] method");

    [Fact]
    public void An_upgrade_that_finds_only_a_part_of_what_it_takes() => Refused(
        Keep("string"),
        """
        [State] private partial ref string? Name { get; }
        [StateUpgrade(nameof(Name), "Kept", "Keept")] private static string? Of(string first, string second) => first + second;
        private void Add(int number) { }
        private string Tell() => "";
        """,
        "the state of 'Result' cannot be restored, because field 'Name' is computed from 'Keept' by a [StateUpgrade] method, but 'Keept' was not saved. Change it back, convert it with a [StateUpgrade] method");

    [Fact]
    public void Another_key() => Refused(
        EvolvingProgram.Compile(EvolutionTests.Count),
        EvolvingProgram.Compile(EvolutionTests.Count, key: "Number"),
        "the state of 'Result' cannot be restored, because its key was saved as string and is now int32, but keys cannot change. Change it back, give the changed operator another Id and drop the old state with [RemovedState(\"Result\")]");

    [Fact]
    public void Another_key_of_several_members() => Refused(
        EvolvingProgram.Compile(EvolutionTests.Count),
        EvolvingProgram.Compile(EvolutionTests.Count, key: "Key\", \"Number"),
        "the state of 'Result' cannot be restored, because its key was saved as string and is now string,int32, but keys cannot change. Change it back, give the changed operator another Id and drop the old state with [RemovedState(\"Result\")]");

    [Theory]
    [InlineData("\"1h\"", "\"30m\"", "1h and are now 30m")]
    [InlineData("\"1h\"", "\"1h\", Offset = \"15m\"", "1h and are now 1h with an offset of 15m")]
    public void Other_windows(string from, string to, string description) => Refused(
        EvolvingProgram.Compile(EvolutionTests.Count, window: from),
        EvolvingProgram.Compile(EvolutionTests.Count, window: to),
        $"the state of 'Result' cannot be restored, because its windows were saved as {description}, but the windows of an operator cannot change. Change it back, give the changed operator another Id and drop the old state with [RemovedState(\"Result\")]");

    [Fact]
    public void Windows_instead_of_none() => Refused(
        EvolvingProgram.Compile(EvolutionTests.Count),
        EvolvingProgram.Compile(EvolutionTests.Count, window: "\"1h\""),
        "the state of 'Result' cannot be restored, because it was saved as state by key and is now windows of 1h. Change it back, give the changed operator another Id and drop the old state with [RemovedState(\"Result\")]");

    [Fact]
    public void An_operator_that_is_gone() => Refused(
        EvolvingProgram.Compile(EvolutionTests.Count),
        EvolvingProgram.Compile(EvolutionTests.Count, id: "Other"),
        "it contains state of 'Result', which the pipeline no longer has. Give the stream that continues it Id = \"Result\", drop its state with [RemovedState(\"Result\")] on the pipeline");

    [Fact]
    public void The_state_of_an_operator_that_is_gone_can_be_dropped()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-evolution");
        try
        {
            EvolvingProgram.Compile(EvolutionTests.Count).Run(folder.FullName, [("a", 1), ("a", 2)]);
            var dropped = EvolvingProgram.Compile(
                EvolutionTests.Count,
                id: "Other",
                pipeline: ", RemovedState(\"Nothing\"), RemovedState(\"Result\")");
            Assert.Equal(["a=1"], dropped.Run(folder.FullName, [("a", 3)]));

            // The removal was permanent.
            Assert.Equal(["a=2"], EvolvingProgram.Compile(EvolutionTests.Count, id: "Other").Run(folder.FullName, [("a", 3)]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Keep(string type) => $$"""
        [State] private partial ref {{type}} Kept { get; }
        private void Add(int number) { }
        private string Tell() => $"{Kept}";
        ---
        public record Item(int A, Inner Inner);
        public record struct Inner(long B);
        public record Smaller(int A, SmallerInner Inner);
        public record struct SmallerInner(int B);
        public record struct Point(int X, int Y);
        public record struct OnlyX(int X);
        """;

    private static void Refused(string before, string after, string reason) =>
        Refused(EvolvingProgram.Compile(before), EvolvingProgram.Compile(after), reason);

    private static void Refused(EvolvingProgram before, EvolvingProgram after, string reason) => Assert.Equal(
        $"PSR502: Checkpoint 1 of pipeline 'Shop' does not match the program: {reason}, or start over with an empty checkpoint folder and an empty output. Nothing has been changed.",
        EvolutionRun.Refusal(before, after));
}
