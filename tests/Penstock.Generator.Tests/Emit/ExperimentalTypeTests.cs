using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit;

/// <summary>If the program accepts that a type is experimental or obsolete, generated files give no warning about it.</summary>
public sealed class ExperimentalTypeTests
{
    [Theory]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"XYZ2\")]")]
    [InlineData("[Obsolete(\"Use another one.\")]")]
    [InlineData("[Obsolete(\"Use another one.\", DiagnosticId = \"XYZ2\")]")]
    public void Generated_files_name_types_that_the_program_has_accepted(string attribute) => TestCompiler.Build(
        TestCompiler.Compile($$"""
            #pragma warning disable XYZ2, CS0618, CS0612
            using Penstock;

            {{attribute}} public enum Mode { On, Off }
            {{attribute}} public sealed record Place(string Name);
            {{attribute}} public readonly record struct Reading(string Meter, Mode Mode, Place Place, DateTime At);
            {{attribute}} public sealed record Total(string Meter, int Count);
            {{attribute}} public sealed record Memory(int Count);
            {{attribute}} public interface IClock;

            [Operator, KeyBy("Meter")]
            {{attribute}} public sealed partial class Count(IClock clock)
            {
                private readonly IClock _clock = clock;
                [State] private partial ref Memory? Seen { get; }
                [Process] private void On(in Reading row, ref Output<Total> output) { Seen = new Memory((Seen?.Count ?? 0) + (_clock == null ? 1 : 2)); output.Emit(new Total(row.Meter, Seen.Count)); }
            }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.jsonl"), EventTime("At"), FileSink("b.jsonl")] public partial Stream<Reading> Rows { get; }
                [Apply<Count>("Rows"), KafkaSink("t", Key = "Meter")] public partial Stream<Total> Totals { get; }
            }
            """),
        asShipped: true).AssertClean();
}
