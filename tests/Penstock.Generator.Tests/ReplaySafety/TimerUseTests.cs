using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.ReplaySafety;

/// <summary>
/// Timers in an operator without an <c>[OnTimer]</c> method are reported where they are used (PEN226), and no other code is.
/// </summary>
public sealed class TimerUseTests
{
    private const string Process = "[Process] private void On(in Order order, in Context context, ref Output<Order> output)";

    [Theory]
    [InlineData($"{Process} => ^context.Timers^.Set(order.PlacedAt);")]
    [InlineData($"{Process} {{ var timers = ^context.Timers^; timers.Delete(1); }}")]
    [InlineData($"{Process} => SetOne(in context); private void SetOne(in Context at) => ^at.Timers^.Set(1);")]
    [InlineData($"{Process} {{ if (^context.Timers^ is {{ }} timers) {{ timers.Set(1); }} }}")]
    public void Timers_without_the_method_are_reported(string members)
    {
        var parts = members.Split('^');
        var found = Assert.Single(Build(string.Concat(parts)).Penstock);
        Assert.Equal(("PEN226", parts[1]), (found.Id, found.MarkedText()));
    }

    [Theory]
    [InlineData($"{Process} => context.Timers.Set(1); [OnTimer] private void At(in Timer<string> timer, ref Output<Order> output) {{ }}")]
    [InlineData($"{Process} => new Mine().Timers++; private sealed class Mine {{ public int Timers {{ get; set; }} }}")]
    [InlineData($"{Process} => _ = nameof(Context.SubtaskIndex); private static void Unreached(in Context context) => context.Timers.Set(1);")]
    public void Other_code_is_not_reported(string members) => Build(members).AssertClean();

    private static BuildResult Build(string members) =>
        TestCompiler.BuildShop($"[Operator, KeyBy(nameof(Order.Shop))] public sealed partial class Remind {{ {members} }}");
}
